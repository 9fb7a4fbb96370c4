import hashlib
from datetime import datetime, timezone

from flask import request
from flask_session.base import ServerSideSession, ServerSideSessionInterface
from models import StoredSession, db
from sqlalchemy import delete, update


def now():
    # Most databases store a time without its zone.
    return datetime.now(timezone.utc).replace(tzinfo=None)


class DatabaseSessions(ServerSideSessionInterface):
    session_class = ServerSideSession
    ttl = False  # adds the command `flask session_cleanup`

    def _get_store_id(self, sid):
        # Who can read the table, or a backup of it, doesn't get the ids.
        return hashlib.sha256(sid.encode()).hexdigest()

    def save_session(self, app, session, response):
        # Below, commit() must not store what a view left uncommitted.
        db.session.rollback()
        super().save_session(app, session, response)

    def _retrieve_session_data(self, store_id):
        row = db.session.get(StoredSession, store_id)
        if row is None or row.expires <= now():
            return None
        # The serializer's own decode() unpickles what it can't read.
        return self.serializer.decoder.decode(row.data)

    def _upsert_session(self, session_lifetime, session, store_id):
        values = {
            "data": self.serializer.encode(session),
            "expires": now() + session_lifetime,
        }
        found = db.session.execute(
            update(StoredSession).filter_by(id=store_id).values(values)
        )
        # An id that came with the request had a row then. If another request
        # has deleted the row since, this one must not write it back.
        sent = request.cookies.get(self.get_cookie_name(self.app))
        if not found.rowcount and session.sid != sent:
            db.session.add(StoredSession(id=store_id, **values))
        db.session.commit()

    def _delete_session(self, store_id):
        db.session.execute(delete(StoredSession).filter_by(id=store_id))
        db.session.commit()

    def _delete_expired_sessions(self):
        db.session.execute(
            delete(StoredSession).where(StoredSession.expires <= now())
        )
        db.session.commit()
