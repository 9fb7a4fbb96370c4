from werkzeug.security import check_password_hash

users = {
    "ada": (
        "scrypt:32768:8:1$U12RdYcNI16OeJZm$"
        "87f75f05cb05cce48357ff0e3d196cbe042140c9b9e54e554e558a69f8c43645"
        "9f94b1154de65869686fa3e946df73bf0e171c3cf13eee39d573d9176aeb6de7"
    ),
    "alan": (
        "scrypt:32768:8:1$AUAv1OMIByikmpYV$"
        "e7f1f45a451eab7ec47ed053ea3484c17e9474b1dc9ee3ff5f8b08639ed5cc88"
        "f1fba5c7828be8b9b3213cc941e68a40a1b7f62891b04536e7bd6339267aa54f"
    ),
}
# The password for an unknown name is checked against this hash. It lets nobody
# in, but the response takes as long as the one for a known name.
DECOY = (
    "scrypt:32768:8:1$CxEqO6R3Dc2JZlcQ$"
    "1b4bd4239d3a1211d9d4840b69933125d50e9ce44fb23d245460fab73d0de7a9"
    "06a17834df17c4936ea6957e9a59e0eeae94088dab2b9b1834d213c7e6af215b"
)


def password_fits(name, password):
    fits = check_password_hash(users.get(name, DECOY), password)
    return fits and name in users
