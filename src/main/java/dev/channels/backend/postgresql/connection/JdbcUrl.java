package dev.channels.backend.postgresql.connection;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;

/**
 * A JDBC URL of PostgreSQL without its secrets, which pgjdbc would write into its log and into some
 * of its messages.
 *
 * <p>The form is that of the pgJDBC manual, "Connecting to the Database": {@code
 * jdbc:postgresql://host:port,host:port/database?property=value&...}.
 */
public final class JdbcUrl {

    private static final String SCHEME = "jdbc:postgresql:";
    private static final List<String> SECRETS = List.of("password", "sslpassword");

    private final String text;
    private final Properties secrets;

    private JdbcUrl(String text, Properties secrets) {
        this.text = text;
        this.secrets = secrets;
    }

    /**
     * Takes a URL apart.
     *
     * @param url the URL as configured
     * @return the URL
     * @throws IllegalArgumentException if it is none of PostgreSQL; its message does not repeat any
     *     of it
     */
    public static JdbcUrl parse(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("it does not begin with " + SCHEME);
        }
        int question = url.indexOf('?');
        String address = question < 0 ? url : url.substring(0, question);
        if (address.indexOf('@') >= 0) {
            throw new IllegalArgumentException("it has an '@' before the database");
        }
        Properties secrets = new Properties();
        List<String> rest = new ArrayList<>();
        if (question >= 0) {
            for (String parameter : url.substring(question + 1).split("&", -1)) {
                int equals = parameter.indexOf('=');
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (SECRETS.contains(name.toLowerCase(Locale.ROOT))) {
                    secrets.setProperty(name, decode(parameter.substring(equals + 1)));
                } else if (!parameter.isEmpty()) {
                    rest.add(parameter);
                }
            }
        }
        String query = rest.isEmpty() ? "" : "?" + String.join("&", rest);
        return new JdbcUrl(address + query, secrets);
    }

    private static String decode(String value) {
        try {
            return URLDecoder.decode(value, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** Returns the URL without its secrets. */
    public String text() {
        return text;
    }

    /** Returns the secrets that stood in the URL, as properties of a connection. */
    public Properties secrets() {
        Properties copy = new Properties();
        copy.putAll(secrets);
        return copy;
    }

    /** Tells whether the URL sets a property. */
    public boolean sets(String property) {
        int question = text.indexOf('?');
        return question >= 0 && ("&" + text.substring(question + 1)).contains("&" + property + "=");
    }

    /** Returns hosts and database, for messages. */
    public String address() {
        int question = text.indexOf('?');
        String address = text.substring(SCHEME.length(), question < 0 ? text.length() : question);
        return address.startsWith("//") ? address.substring(2) : "localhost/" + address;
    }

    @Override
    public String toString() {
        return text;
    }
}
