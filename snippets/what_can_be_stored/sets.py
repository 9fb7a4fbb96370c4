from flask.json.tag import JSONTag, TaggedJSONSerializer
from flask.sessions import SecureCookieSessionInterface


class TagSet(JSONTag):
    key = " s"

    def check(self, value):
        return isinstance(value, set)

    def to_json(self, value):
        return [self.serializer.tag(item) for item in value]

    def to_python(self, value):
        return set(value)


class SessionsWithSets(SecureCookieSessionInterface):
    serializer = TaggedJSONSerializer()


SessionsWithSets.serializer.register(TagSet)
