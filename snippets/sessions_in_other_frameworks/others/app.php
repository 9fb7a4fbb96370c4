<?php
$path = parse_url($_SERVER["REQUEST_URI"], PHP_URL_PATH);
if ($path === "/about") {
    echo "<p>This page doesn't use the session.</p>";
    return;
}
$pages = ["/", "/who", "/login", "/add", "/append", "/logout"];
if (!in_array($path, $pages, true)) {
    // Chromium asks for /favicon.ico, which needs no session.
    http_response_code(404);
    return;
}
// --8<-- [start:session]
session_start();
if ($_SERVER["REQUEST_METHOD"] === "POST") {
    $item = substr($_POST["item"] ?? "", 0, 5000);
    if ($path === "/login") {
        $_SESSION["name"] = substr($_POST["name"] ?? "", 0, 50);
    } elseif ($path === "/add") {
        $items = $_SESSION["items"] ?? [];
        usleep((int) (1e6 * (float) getenv("PAUSE")));
        $_SESSION["items"] = array_slice([...$items, $item], -9);
    } elseif ($path === "/append") {
        $_SESSION["items"][] = $item;
    } elseif ($path === "/logout") {
        session_destroy();
    }
    header("Location: /", true, 303);
// --8<-- [end:session]
} elseif ($path === "/who") {
    $name = htmlspecialchars($_SESSION["name"] ?? "nobody");
    echo "<p>$name</p>";
} else {
    $_SESSION["visits"] = ($_SESSION["visits"] ?? 0) + 1;
    $list = htmlspecialchars(implode(", ", $_SESSION["items"] ?? []));
    echo "<p>Visits: {$_SESSION['visits']}. List: $list</p>";
    echo <<<HTML
    <form method="post" action="/login">
    <input name="name" aria-label="Name"><button>Log in</button></form>
    <form method="post" action="/add">
    <input name="item" aria-label="Item"><button>Add</button>
    <button formaction="/append">Append</button></form>
    <form method="post" action="/logout"><button>Log out</button></form>
    HTML;
}
