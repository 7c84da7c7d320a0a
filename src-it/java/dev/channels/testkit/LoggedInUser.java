package dev.channels.testkit;

import dev.channels.test.Threads;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** Somebody who has filled in the form of an application, and is known by a cookie from then on. */
public final class LoggedInUser {

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .cookieHandler(cookies)
                    .followRedirects(HttpClient.Redirect.NORMAL)
                    .build();
    private final URI application;

    private LoggedInUser(URI application) {
        this.application = application;
    }

    /** Asks for a page that is protected, and fills in the form that comes instead. */
    public static LoggedInUser login(URI application, String user, String password)
            throws Exception {
        LoggedInUser browser = new LoggedInUser(application);
        browser.send("GET", "private/user", "");
        String form = "j_username=" + encoded(user) + "&j_password=" + encoded(password);
        browser.send("POST", "j_security_check", form);
        String known = browser.send("GET", "private/user", "").body();
        if (!known.equals(user)) {
            throw new IllegalStateException("The form does not let " + user + " in: " + known);
        }
        return browser;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Sends a request with the cookies. */
    public HttpResponse<String> send(String method, String path, String form) throws Exception {
        String base = application.toString();
        HttpRequest request =
                HttpRequest.newBuilder(URI.create((base.endsWith("/") ? base : base + "/") + path))
                        .timeout(Threads.PATIENCE)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .method(method, BodyPublishers.ofString(form))
                        .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** Returns the value of the header field {@code Cookie}. */
    public String cookie() {
        return cookies.getCookieStore().getCookies().stream()
                .map(LoggedInUser::pair)
                .collect(Collectors.joining("; "));
    }

    private static String pair(HttpCookie cookie) {
        return cookie.getName() + "=" + cookie.getValue();
    }
}
