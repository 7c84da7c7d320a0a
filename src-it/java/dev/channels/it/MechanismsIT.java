package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.channels.it.identity.JwtLogin;
import dev.channels.it.identity.UserServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.LoggedInUser;
import dev.channels.testkit.SseClient;
import dev.channels.testkit.TestedServer;
import dev.channels.testkit.TokenIssuer;
import dev.channels.testkit.Visit;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who is let in by the mechanisms that are the servers' own: BASIC and FORM of {@code web.xml} with
 * the users of the server, and MicroProfile JWT. The channel {@code admins} is kept by a policy,
 * the path of {@code guarded} by {@code web.xml}; with FORM all doors are on protected paths, but
 * for the one of {@code beside}.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class MechanismsIT {

    /** Payara sends nothing to a handshake that is to see a form. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final String SERVER = System.getProperty("arquillian.launch", "");

    private static final boolean KNOWS_USERS = !TestedServer.isGlassFish();
    private static final String NO_USERS = "The test's users are not those of GlassFish";

    private static final boolean KNOWS_TOKENS = !TestedServer.isGlassFish8();
    private static final String NO_TOKENS =
            "GlassFish 8.0.0 finds two mechanisms for MicroProfile JWT, and takes none";

    /** Open Liberty takes whoever has a bad token for nobody, where a path is not protected. */
    private static final String NO_WAY_IN = SERVER.equals("liberty") ? "error 103" : "no handshake";

    private static final TokenIssuer ISSUER = new TokenIssuer();

    /** What the build prints of the matrix. */
    private static final List<String> MATRIX = new ArrayList<>();

    @ArquillianResource
    @OperateOnDeployment("server-basic")
    private URI basic;

    @ArquillianResource
    @OperateOnDeployment("server-form")
    private URI form;

    @ArquillianResource
    @OperateOnDeployment("mp-jwt")
    private URI jwt;

    @Deployment(name = "server-basic", testable = false)
    static WebArchive basicWar() {
        return war("server-basic", List.of(), "BASIC", "", "/guarded");
    }

    @Deployment(name = "server-form", testable = false)
    static WebArchive formWar() {
        String pages =
                "<form-login-config><form-login-page>/login.html</form-login-page>"
                        + "<form-error-page>/login.html</form-error-page></form-login-config>";
        return war("server-form", List.of(), "FORM", pages, "/guarded", "/admins", "/connection/*")
                .addAsWebResource(new StringAsset("<title>Who are you?</title>"), "login.html");
    }

    @Deployment(name = "mp-jwt", testable = false)
    static WebArchive jwtWar() {
        // There alone: where an application trusts an issuer, Open Liberty wants a token.
        return war("mp-jwt", List.of(ISSUER.trust()), "MP-JWT", "", "/guarded")
                .addClass(JwtLogin.class);
    }

    private static WebArchive war(
            String name, List<String> trust, String mechanism, String pages, String... guarded) {
        List<String> lines = new ArrayList<>(trust);
        lines.addAll(
                List.of(
                        "channels.names=admins,guarded,beside",
                        "channels.create-ws-route-handlers=true",
                        "channels.client-endpoint=true",
                        "channels.sse-endpoint=true",
                        "channels.policy.admins.channels=admins,beside",
                        "channels.policy.admins.subscribe=admin"));
        return Wars.war(name, lines.toArray(String[]::new))
                .addClass(UserServlet.class)
                .addAsWebInfResource(new StringAsset(GROUPS_ARE_ROLES), "glassfish-web.xml")
                .setWebXML(webXml(mechanism, pages, guarded));
    }

    /** Payara's way to say it. */
    private static final String GROUPS_ARE_ROLES =
            "<glassfish-web-app>"
                    + "<security-role-mapping><role-name>admin</role-name>"
                    + "<group-name>admin</group-name></security-role-mapping>"
                    + "<security-role-mapping><role-name>user</role-name>"
                    + "<group-name>user</group-name></security-role-mapping>"
                    + "</glassfish-web-app>";

    private static StringAsset webXml(String mechanism, String pages, String... guarded) {
        StringBuilder patterns = new StringBuilder();
        for (String path : guarded) {
            patterns.append("<url-pattern>").append(path).append("</url-pattern>");
        }
        return new StringAsset(
                "<web-app xmlns='https://jakarta.ee/xml/ns/jakartaee' version='6.0'>"
                        + constraint(patterns.toString(), "admin")
                        + constraint("<url-pattern>/private/*</url-pattern>", "user")
                        + ("<login-config><auth-method>" + mechanism + "</auth-method>" + pages)
                        + "</login-config>"
                        + "<security-role><role-name>admin</role-name></security-role>"
                        + "<security-role><role-name>user</role-name></security-role></web-app>");
    }

    private static String constraint(String patterns, String role) {
        return "<security-constraint><web-resource-collection><web-resource-name>"
                + (role + "</web-resource-name>" + patterns)
                + "</web-resource-collection><auth-constraint><role-name>"
                + (role + "</role-name></auth-constraint></security-constraint>");
    }

    @AfterAll
    static void printMatrix() {
        System.out.println(
                "Who is let in by the server's own mechanisms ("
                        + System.getProperty("arquillian.launch")
                        + "):\n"
                        + String.join("\n", MATRIX));
    }

    /** Carol is an admin, dave is none; both are users of the server. */
    @ParameterizedTest
    @CsvSource({
        "BASIC, , 401, error 103, 401, 401",
        "BASIC, dave, 403, error 103, 403, 403",
        "BASIC, carol, 101, in, 200, 101",
        "MP JWT, , 401, error 103, 401, 401",
        "MP JWT, dave, 403, error 103, 403, 403",
        "MP JWT, carol, 101, in, 200, 101",
        "MP JWT, expired, 401, no way in, 401, 401"
    })
    void eachDoorJudgesTheCallerOfTheContainer(
            String mechanism, String user, String plain, String client, String sse, String guarded)
            throws Exception {
        boolean isBasic = mechanism.equals("BASIC");
        assumeTrue(!isBasic || KNOWS_USERS, NO_USERS);
        assumeTrue(isBasic || KNOWS_TOKENS, NO_TOKENS);
        Visit visit = new Visit(isBasic ? basic : jwt);
        String[] headers =
                user == null ? new String[0] : isBasic ? Visit.basic(user, user) : token(user);
        List<String> seen = seen(mechanism, user, visit, headers);
        assertThat(seen.subList(0, 3))
                .containsExactly(plain, client.equals("no way in") ? NO_WAY_IN : client, sse);
        if (user == null) {
            // Payara answers 200 and nothing where it wants a token.
            assertThat(seen.get(3)).isNotEqualTo("101");
        } else {
            assertThat(seen.get(3)).isEqualTo(guarded);
        }
    }

    /** Whoever is not let in to a protected path has an answer of the server's, or none at all. */
    @ParameterizedTest
    @CsvSource({", false", "dave, false", "carol, true"})
    void aProtectedPathIsTheServersToKeep(String user, boolean in) throws Exception {
        assumeTrue(KNOWS_USERS, NO_USERS);
        String[] headers =
                user == null
                        ? new String[0]
                        : new String[] {"Cookie", LoggedInUser.login(form, user, user).cookie()};
        if (in) {
            assertThat(seen("FORM, protected", user, new Visit(form), headers))
                    .containsExactly("101", "in", "200", "101");
            return;
        }
        Visit visit = new Visit(form, PATIENCE);
        int plain = visit.plain("admins", headers);
        int client = visit.clientHandshake(headers);
        String events = visit.head("connection/sse?channel=admins", headers);
        int guarded = visit.plain("guarded", headers);
        note(
                "FORM, protected",
                user,
                List.of(
                        Integer.toString(plain),
                        Integer.toString(client),
                        events.isEmpty() ? "0" : events.split(" ")[1],
                        Integer.toString(guarded)));
        assertThat(List.of(plain, client, guarded)).doesNotContain(101);
        assertThat(events).doesNotContain("text/event-stream");
    }

    /** Whoever has filled in the form is known on paths that nobody protects, too. */
    @ParameterizedTest
    @CsvSource({", 401", "dave, 403", "carol, 101"})
    void besideProtectedPathsThePolicyDecides(String user, int status) throws Exception {
        assumeTrue(KNOWS_USERS, NO_USERS);
        String[] headers =
                user == null
                        ? new String[0]
                        : new String[] {"Cookie", LoggedInUser.login(form, user, user).cookie()};
        int seen = new Visit(form).plain("beside", headers);
        MATRIX.add(
                String.format(
                        "  %-15s  %-7s  plain %s",
                        "FORM, beside", user == null ? "nobody" : user, seen));
        assertThat(seen).isEqualTo(status);
    }

    /** Asks all doors, and the path that {@code web.xml} keeps. */
    private static List<String> seen(String mechanism, String user, Visit visit, String... headers)
            throws Exception {
        List<String> seen =
                List.of(
                        Integer.toString(visit.plain("admins", headers)),
                        visit.client("", "admins", headers),
                        Integer.toString(visit.sse("admins", headers)),
                        Integer.toString(visit.plain("guarded", headers)));
        note(mechanism, user, seen);
        return seen;
    }

    private static void note(String mechanism, String user, List<String> seen) {
        MATRIX.add(
                String.format(
                        "  %-15s  %-7s  plain %-3s  client endpoint %-12s  SSE %-3s  web.xml %s",
                        mechanism,
                        user == null ? "nobody" : user,
                        seen.get(0),
                        seen.get(1),
                        seen.get(2),
                        seen.get(3)));
    }

    private static String[] token(String user) throws Exception {
        // Servers take a token for good some time after its end, for clocks that differ.
        Duration time = Duration.ofMinutes(user.equals("expired") ? -5 : 10);
        return bearer(user, user.equals("dave") ? "user" : "admin", time);
    }

    private static String[] bearer(String user, String group, Duration time) throws Exception {
        return new String[] {"Authorization", "Bearer " + ISSUER.token(user, group, time)};
    }

    /** A token ends while its connections are open, and they end with it. */
    @Test
    void theEndOfATokenEndsItsConnections() throws Exception {
        assumeTrue(KNOWS_TOKENS, NO_TOKENS);
        String[] headers = bearer("carol", "admin", Duration.ofSeconds(15));
        try (Client plain = Client.connect(jwt, "admins", headers);
                JsonClient client = JsonClient.open(jwt, headers);
                SseClient reader =
                        SseClient.connect(jwt, "connection/sse?channel=admins", headers)) {
            client.says(Visit.connect(""), Visit.subscribe("admins")).awaits("{\"id\":2,\"subs");
            assertThat(client.lines("\"expires\":true")).hasSize(1);
            assertThat(plain.awaitClose()).isPositive();
            assertThat(client.awaitClose()).isEqualTo(3005);
            Awaitility.await().until(reader::isEnded);
        }
    }
}
