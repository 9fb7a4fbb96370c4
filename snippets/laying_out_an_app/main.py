from shop import create_app
from shop.database import create_tables

app = create_app()
# A real app runs `flask --app shop init-db` once instead.
with app.app_context():
    create_tables()
