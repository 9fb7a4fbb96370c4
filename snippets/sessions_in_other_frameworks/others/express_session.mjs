import { setTimeout } from "node:timers/promises";
import express from "express";
import expressSession from "express-session";

const PAUSE = Number(process.env.PAUSE ?? "0");
const FORMS = `
<form method="post" action="/login">
<input name="name" aria-label="Name"><button>Log in</button></form>
<form method="post" action="/add">
<input name="item" aria-label="Item"><button>Add</button>
<button formaction="/append">Append</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
`;

const escape = (text) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");

const app = express();
app.use(express.urlencoded());

app.get("/about", (request, response) => {
  response.send("<p>This page doesn't use the session.</p>");
});

app.use(
  expressSession({
    secret: process.env.SECRET_KEY,
    resave: false,
    saveUninitialized: false,
  }),
);

app.get("/", (request, response) => {
  const session = request.session;
  session.visits = (session.visits ?? 0) + 1;
  const list = escape((session.items ?? []).join(", "));
  const text = `Visits: ${session.visits}. List: ${list}`;
  response.send(`<p>${text}</p>${FORMS}`);
});

app.get("/who", (request, response) => {
  response.send(`<p>${escape(request.session.name ?? "nobody")}</p>`);
});

app.post("/login", (request, response) => {
  request.session.name = String(request.body.name).slice(0, 50);
  response.redirect(303, "/");
});

app.post("/add", async (request, response) => {
  const item = String(request.body.item).slice(0, 5000);
  const items = request.session.items ?? [];
  await setTimeout(1000 * PAUSE);
  request.session.items = [...items, item].slice(-9);
  response.redirect(303, "/");
});

app.post("/append", (request, response) => {
  const items = request.session.items ?? [];
  items.push(String(request.body.item).slice(0, 5000));
  response.redirect(303, "/");
});

app.post("/logout", (request, response, next) => {
  request.session.destroy((error) => {
    if (error) next(error);
    else response.redirect(303, "/");
  });
});

app.listen(Number(process.env.PORT), "127.0.0.1");
