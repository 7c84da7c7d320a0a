package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.testkit.FollowingClient;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thousand clients that lose their connections at once, and come back at once; and one that
 * floods.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class StormIT {

    @ArquillianResource private URI application;

    @Deployment(testable = false)
    static WebArchive war() {
        return Storm.war("storm", "channels.memory.history=1000");
    }

    @Test
    void allComeBackAtOnceAndHaveWhatTheyMissed() throws Exception {
        try (Storm storm = new Storm(application)) {
            storm.run(System.getProperty("arquillian.launch"));
        }
    }

    @Test
    void aClientThatFloodsIsSentAwayAndHarmsNoOther() throws Exception {
        try (FollowingClient other = new FollowingClient(application, List.of("storm-flooded"));
                JsonClient flooding = JsonClient.connect(application)) {
            other.connect().join();
            await().atMost(Storm.LONG).until(() -> other.isAt(0));
            String call = "{\"id\":2,\"rpc\":{\"method\":\"echo\"}}";
            String frame = String.join("\n", Collections.nCopies(100, call));
            for (int i = 1; i <= 20; i++) {
                flooding.says(frame);
                String number = "&from=" + i + "&to=" + i;
                Http.put(application, "connections?channel=storm-flooded" + number);
            }
            await().atMost(Storm.LONG).until(() -> other.isAt(20));
            assertThat(other.fault()).isEmpty();
            // What a client still sends after the close frame resets its connection on Open
            // Liberty, and takes with it what the client has not read.
            int code = flooding.awaitClose();
            assertThat(code).isIn(3013, 1006);
            if (code == 3013) {
                assertThat(flooding.lines("\"code\":111,")).isNotEmpty();
            }
        }
    }
}
