from flask import request
from flask_session.redis import RedisSessionInterface


class RevocableSessions(RedisSessionInterface):
    def _upsert_session(self, session_lifetime, session, store_id):
        # An id that came with the request had a row then. If another request
        # has deleted the row since, XX keeps this one from writing it back.
        sent = request.cookies.get(self.get_cookie_name(self.app))
        value = self.serializer.encode(session)
        self.client.set(
            store_id, value, ex=session_lifetime, xx=session.sid == sent
        )

    def _retrieve_session_data(self, store_id):
        # The serializer's own decode() unpickles what it can't read, so who
        # can write to Redis could run code in the app.
        value = self.client.get(store_id)
        return self.serializer.decoder.decode(value) if value else None
