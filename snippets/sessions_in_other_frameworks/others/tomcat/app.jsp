<%@ page contentType="text/html; charset=UTF-8" import="java.util.*" %>
<%!
String escaped(Object value) {
    return String.valueOf(value).replace("&", "&amp;")
        .replace("<", "&lt;").replace(">", "&gt;");
}

String given(jakarta.servlet.ServletRequest request, String name) {
    String value = Objects.toString(request.getParameter(name), "");
    return value.substring(0, Math.min(value.length(), 5000));
}
%><%
String path = request.getServletPath();
// --8<-- [start:session]
List<String> items = (List<String>) session.getAttribute("items");
if (items == null) items = new ArrayList<>();
if (request.getMethod().equals("POST")) {
    if (path.equals("/login")) {
        session.setAttribute("name", given(request, "name"));
    } else if (path.equals("/add")) {
        List<String> more = new ArrayList<>(items);
        more.add(given(request, "item"));
        String pause = Objects.toString(System.getenv("PAUSE"), "0");
        Thread.sleep((long) (1000 * Double.parseDouble(pause)));
        if (more.size() > 9) more.remove(0);
        session.setAttribute("items", more);
    } else if (path.equals("/append")) {
        items.add(given(request, "item"));
    } else if (path.equals("/logout")) {
        session.invalidate();
    }
    response.sendRedirect("/");
// --8<-- [end:session]
} else if (path.equals("/about")) {
    out.print("<p>This page doesn't use the session.</p>");
} else if (path.equals("/who")) {
    Object name = session.getAttribute("name");
    out.print("<p>" + escaped(name == null ? "nobody" : name) + "</p>");
} else {
    Integer visits = (Integer) session.getAttribute("visits");
    visits = visits == null ? 1 : visits + 1;
    session.setAttribute("visits", visits);
    String list = escaped(String.join(", ", items));
%>
<p>Visits: <%= visits %>. List: <%= list %></p>
<form method="post" action="/login">
<input name="name" aria-label="Name"><button>Log in</button></form>
<form method="post" action="/add">
<input name="item" aria-label="Item"><button>Add</button>
<button formaction="/append">Append</button></form>
<form method="post" action="/logout"><button>Log out</button></form>
<% } %>
