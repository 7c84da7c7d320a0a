package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.it.blocked.CallbacksServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.ServerLog;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Three applications on one server, two of which have callbacks that never return. On WildFly all
 * of them share the few threads of one managed executor; the other servers have more.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
class BlockedCallbacksIT {

    private static final List<String> BLOCKING = List.of("blocking-1", "blocking-2");

    /** In each application; as many of them block as there are threads for callbacks. */
    private static final int CALLBACKS = 16;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @ArquillianResource private Deployer deployer;

    @Deployment(name = "working", testable = false)
    static WebArchive working() {
        return war("working");
    }

    @Deployment(name = "blocking-1", managed = false, testable = false)
    static WebArchive blocking1() {
        return war("blocking-1");
    }

    @Deployment(name = "blocking-2", managed = false, testable = false)
    static WebArchive blocking2() {
        return war("blocking-2");
    }

    private static WebArchive war(String name) {
        return Wars.war(
                        name,
                        "channels.names=news",
                        "channels.create-ws-route-handlers=true",
                        "channels.shutdown-timeout=2s")
                .addClass(CallbacksServlet.class);
    }

    @Test
    void othersWorkOnWhateverBlocks(@ArquillianResource @OperateOnDeployment("working") URI working)
            throws Exception {
        Http.post(working, "callbacks?blocking=0", "");
        int most = 0;
        try (Client client = Client.connect(working, "news")) {
            await().atMost(PATIENCE).until(() -> count(working, "subscribers") == 2);
            works(working, client, 1);
            for (String name : BLOCKING) {
                deployer.deploy(name);
                URI application = working.resolve("/" + name + "/");
                Http.post(application, "callbacks?blocking=" + CALLBACKS, "");
                Http.put(application, "callbacks?data=1");
                int before = most;
                await().atMost(PATIENCE).until(() -> count(working, "blocked") > before);
                most = count(working, "blocked");
                works(working, client, BLOCKING.indexOf(name) + 2);
            }
            for (String name : BLOCKING) {
                deployer.undeploy(name);
                works(working, client, BLOCKING.indexOf(name) + 4);
            }
            // They were interrupted, and the log names them.
            await().atMost(PATIENCE).until(() -> count(working, "blocked") == 0);
            assertThat(ServerLog.lines())
                    .anyMatch(
                            line ->
                                    line.contains("CHANNELS")
                                            && line.contains(CallbacksServlet.class.getName()));
            works(working, client, 6);
        }
    }

    private static int count(URI application, String what) throws Exception {
        return Integer.parseInt(Http.get(application, "callbacks?count=" + what).body());
    }

    /** Both a client and a callback get the next event. */
    private static void works(URI application, Client client, int number) throws Exception {
        Http.put(application, "callbacks?data=" + number);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            assertThat(client.texts()).hasSize(number).endsWith("" + number);
                            assertThat(count(application, "taken")).isEqualTo(number);
                        });
    }
}
