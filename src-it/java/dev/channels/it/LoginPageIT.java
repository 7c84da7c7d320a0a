package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.PageCode;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.LoggedInUser;
import dev.channels.testkit.OnWildFlyAlone;
import dev.channels.testkit.Visit;
import dev.channels.testkit.Wars;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the page "A page with a login" shows is an application that does what the page says. */
@OnWildFlyAlone
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class LoginPageIT {

    private static final Path PAGES = Path.of("src/site/markdown");
    private static final Path RECIPE = PAGES.resolve("recipes/login.md");

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() throws IOException {
        List<String> pages = PageCode.blocks(RECIPE, "html");
        WebArchive war =
                Wars.war("login-page", PageCode.blocks(RECIPE, "properties").get(0))
                        .setWebXML(new StringAsset(PageCode.blocks(RECIPE, "xml").get(0)))
                        .addAsWebResource(new StringAsset(pages.get(0)), "login.html")
                        .addAsWebResource(new StringAsset(pages.get(1)), "private/index.html");
        Path output = Files.createTempDirectory("login-page");
        assertThat(PageCode.compile(classes(), output)).isEmpty();
        try (Stream<Path> files = Files.walk(output)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                war.add(
                        new ByteArrayAsset(Files.readAllBytes(file)),
                        "WEB-INF/classes/" + output.relativize(file));
            }
        }
        return war;
    }

    private static List<PageCode> classes() throws IOException {
        List<PageCode> classes = new ArrayList<>();
        PageCode.of(RECIPE).forEach(it -> classes.add(it.in("rooms")));
        PageCode.of(PAGES.resolve("clients.md")).stream()
                .filter(it -> it.name().equals("RoomMembers"))
                .forEach(it -> classes.add(it.in("rooms")));
        assertThat(classes).hasSize(4);
        return classes;
    }

    private JsonClient client(LoggedInUser user) {
        JsonClient client = JsonClient.open(application, "Cookie", user.cookie());
        client.says(Visit.connect("")).awaits("{\"id\":1,\"connect\"");
        return client;
    }

    private LoggedInUser login(String user) throws Exception {
        return LoggedInUser.login(application, user, "secret-" + user.charAt(0));
    }

    @Test
    void membersTalkInTheirRoomUntilTheyLogOut() throws Exception {
        LoggedInUser alice = login("alice");
        assertThat(alice.send("GET", "private/index.html", "").body()).contains("Room 1");
        try (JsonClient one = client(alice);
                JsonClient two = client(login("bob"))) {
            one.says(Visit.subscribe("room-1")).awaits("{\"id\":2,\"subscribe\"");
            two.says("{\"id\":2,\"publish\":{\"channel\":\"room-1\",\"data\":\"hello\"}}");
            two.awaits("{\"id\":2,\"publish\":{}}");
            one.awaits("\"data\":\"hello\"");
            one.says("{\"id\":3,\"subscribe\":{\"channel\":\"#alice\"}}")
                    .awaits("{\"id\":3,\"subscribe\"");
            alice.send("DELETE", "private/user", "");
            assertThat(one.awaitClose()).isPositive();
        }
        assertThat(alice.send("GET", "private/index.html", "").body()).contains("Log in");
    }

    @Test
    void nobodyElseGetsIntoARoom() throws Exception {
        try (JsonClient member = client(login("carol"));
                JsonClient stranger = JsonClient.connect(application)) {
            for (JsonClient client : List.of(member, stranger)) {
                client.says(
                        Visit.subscribe("room-1"),
                        "{\"id\":3,\"publish\":{\"channel\":\"room-1\",\"data\":1}}",
                        "{\"id\":4,\"presence\":{\"channel\":\"room-1\"}}",
                        "{\"id\":5,\"subscribe\":{\"channel\":\"#alice\"}}",
                        "{\"id\":6,\"subscribe\":{\"channel\":\"news\"}}");
                client.awaits("{\"id\":6,\"subscribe\"");
                for (int id = 2; id <= 5; id++) {
                    assertThat(client.lines("{\"id\":" + id + ",\"error\":{\"code\":103"))
                            .hasSize(1);
                }
            }
        }
    }
}
