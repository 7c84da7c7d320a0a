package dev.channels.it;

import static org.awaitility.Awaitility.await;

import dev.channels.it.redeploy.BurstServlet;
import dev.channels.testkit.Client;
import dev.channels.testkit.Http;
import dev.channels.testkit.Wars;
import java.net.URI;
import java.util.Arrays;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.OperateOnDeployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How much of two events a client gets on connect. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class SendHistoryIT {

    private static WebArchive war(String name, int history) {
        return Wars.war(
                        name,
                        "channels.names=burst",
                        "channels.create-ws-route-handlers=true",
                        "channels.ws-handler-send-history=" + history,
                        "channels.memory.history=10")
                .addClass(BurstServlet.class);
    }

    @Deployment(name = "all", testable = false)
    static WebArchive all() {
        return war("history-all", -1);
    }

    @Deployment(name = "none", testable = false)
    static WebArchive none() {
        return war("history-none", 0);
    }

    @Deployment(name = "one", testable = false)
    static WebArchive one() {
        return war("history-one", 1);
    }

    @Deployment(name = "two", testable = false)
    static WebArchive two() {
        return war("history-two", 2);
    }

    @Test
    void minusOneSendsBoth(@ArquillianResource @OperateOnDeployment("all") URI application)
            throws Exception {
        assertSent(application, "1x", "2x");
    }

    @Test
    void zeroSendsNeither(@ArquillianResource @OperateOnDeployment("none") URI application)
            throws Exception {
        assertSent(application);
    }

    @Test
    void oneSendsTheNewest(@ArquillianResource @OperateOnDeployment("one") URI application)
            throws Exception {
        assertSent(application, "2x");
    }

    @Test
    void twoSendsBoth(@ArquillianResource @OperateOnDeployment("two") URI application)
            throws Exception {
        assertSent(application, "1x", "2x");
    }

    private static void assertSent(URI application, String... history) throws Exception {
        Http.post(application, "burst?count=2&size=1", "");
        try (Client client = Client.connect(application, "burst")) {
            await().until(() -> Http.get(application, "burst").body().equals("1"));
            Http.post(application, "burst?count=1&size=0", "");
            String[] all = Arrays.copyOf(history, history.length + 1);
            all[history.length] = "1";
            client.awaitTexts(all);
        }
    }
}
