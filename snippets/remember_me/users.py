from werkzeug.security import check_password_hash

users = {
    "ada": (
        "scrypt:32768:8:1$jF3FgsVvFtCPtiMm$"
        "b284379c1d4e337c56461c14648dcac98111589d6f10fcdf4ef9a14194b4b4ff"
        "7eb388c552d6256ad5a36316f4c750d1c0123f4936c12c4b30fba6d3e6b644ba"
    ),
}
# Unknown names are checked against this one, which nobody knows, so that
# the time an answer takes does not tell who has an account.
decoy = (
    "scrypt:32768:8:1$GESB9ln8mHZPuJQi$"
    "087b6aa0cfd72ebd7fa0955566e40377bc562ba518f775406579454f18e51f31"
    "2670940aea76cc363fcf0120aa205010f946e203d93014eb00a02717ac8dea53"
)


def password_fits(user, password):
    return check_password_hash(users.get(user, decoy), password)
