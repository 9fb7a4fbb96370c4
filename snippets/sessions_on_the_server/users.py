from werkzeug.security import check_password_hash

users = {
    "ada": (
        "scrypt:32768:8:1$kwjwDIeklT8ZQaEv$"
        "a62664461c59c4c353716db28be3201a9d526ed5768113b026a473de28aa5508"
        "3bdbd138eb97efed8f22e66544077169b31cdcff82e3eda623e4b6ac76c586a9"
    ),
    "alan": (
        "scrypt:32768:8:1$qK3bVw60cIci1Wx4$"
        "b58155a8e01b294ac668453e47c9f0f059053c3a472ff57fa8557f9724a9556f"
        "e2c1258145aec265762bbb200a519f376dad3b0e34febd4bba7e48590304875e"
    ),
}
# For a name that nobody has: refusing it takes as long as refusing a password.
nobody = users["ada"]


def password_fits(name, password):
    fits = check_password_hash(users.get(name, nobody), password)
    return fits and name in users
