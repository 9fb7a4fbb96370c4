from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()


class Order(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[str] = mapped_column(Text)


class StoredSession(db.Model):
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes]
    expires: Mapped[datetime] = mapped_column(DateTime, index=True)
