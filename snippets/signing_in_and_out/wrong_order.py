from flask import Flask
from guard import login_required

app = Flask(__name__)
app.secret_key = "dev"  # only for trying out


@login_required
@app.get("/")
def note():
    return "<p>A note for those who have signed in.</p>"
