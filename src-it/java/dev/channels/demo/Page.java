package dev.channels.demo;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.net.URI;
import java.util.List;
import java.util.Set;

/** A page in a browser. */
public final class Page implements AutoCloseable {

    private static final Set<String> ERRORS = Set.of("Runtime.exceptionThrown", "Log.entryAdded");

    private final DevTools devTools;
    private final String session;
    private final String target;

    Page(DevTools devTools, String session, String target, URI address) {
        this.devTools = devTools;
        this.session = session;
        this.target = target;
        call("Runtime.enable", Json.createObjectBuilder());
        call("Log.enable", Json.createObjectBuilder());
        call("Page.navigate", Json.createObjectBuilder().add("url", address.toString()));
    }

    /** Evaluates a script, and returns its value as text. */
    public String evaluate(String script) {
        JsonObject answer =
                call(
                        "Runtime.evaluate",
                        Json.createObjectBuilder()
                                .add("expression", "String(" + script + ")")
                                .add("awaitPromise", true));
        if (answer.containsKey("exceptionDetails")) {
            throw new IllegalStateException(script + ": " + answer.get("exceptionDetails"));
        }
        return answer.getJsonObject("result").getString("value");
    }

    /** Evaluates a script, and returns its value as a number. */
    int number(String script) {
        return Integer.parseInt(evaluate(script));
    }

    /** Returns the text of the element that a selector finds. */
    public String text(String selector) {
        return evaluate("document.querySelector('" + selector + "')?.innerText");
    }

    /** Fills in a field of a form and submits it. */
    public void submit(String form, String field, String value) {
        JsonString text = Json.createValue(value);
        evaluate(
                "(f => { f.elements.%s.value = %s; f.requestSubmit() })(document.querySelector('%s'))"
                        .formatted(field, text, form));
    }

    /** Types into a field, in the place of what is there. */
    public void type(String selector, String value) {
        evaluate(
                "(f => { f.value = %s; f.dispatchEvent(new Event('input')) })(document.querySelector('%s'))"
                        .formatted(Json.createValue(value), selector));
    }

    /** Has the browser send cookies from now on, given as a request would have them. */
    public void cookies(URI application, String header) {
        for (String cookie : header.split("; ")) {
            String[] pair = cookie.split("=", 2);
            call(
                    "Network.setCookie",
                    Json.createObjectBuilder()
                            .add("name", pair[0])
                            .add("value", pair[1])
                            .add("url", application.toString()));
        }
    }

    /** Gives it the window of another device. */
    public void resize(int width, int height) {
        call(
                "Emulation.setDeviceMetricsOverride",
                Json.createObjectBuilder()
                        .add("width", width)
                        .add("height", height)
                        .add("deviceScaleFactor", 1)
                        .add("mobile", true));
    }

    /** Returns what the page complained about. */
    public List<JsonObject> errors() {
        return devTools.events(session).stream()
                .filter(event -> ERRORS.contains(event.getString("method")))
                .toList();
    }

    private JsonObject call(String method, JsonObjectBuilder parameters) {
        return devTools.call(method, parameters, session);
    }

    @Override
    public void close() {
        devTools.call("Target.closeTarget", Json.createObjectBuilder().add("targetId", target));
    }
}
