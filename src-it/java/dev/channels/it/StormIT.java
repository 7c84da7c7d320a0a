package dev.channels.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.channels.testkit.FollowingClient;
import dev.channels.testkit.Http;
import dev.channels.testkit.JsonClient;
import dev.channels.testkit.StuckClient;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A thousand clients that lose their connections at once, and come back at once; one that floods,
 * and one that does not read.
 */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
class StormIT {

    private static final Pattern OFFSET = Pattern.compile("\"data\":\\d+,\"offset\":(\\d+)");
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

    /** More events of 400 KB than what is on the way to a client holds, and its backlog. */
    private static final int MANY = 100;

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

    /** It may not go on as if nothing had happened, and has all events in the end. */
    @Test
    void aClientThatDoesNotReadHarmsNoOtherAndComesBackForWhatItLost() throws Exception {
        String follow = "{\"id\":2,\"subscribe\":{\"channel\":\"storm-slow\"";
        try (JsonClient reader = JsonClient.connect(application);
                StuckClient stuck = StuckClient.connect(application, "connection/websocket")) {
            reader.says(follow + "}}").awaits("{\"id\":2,\"subscribe\"");
            stuck.sendText("{\"id\":1,\"connect\":{}}\n" + follow + "}}");
            String answers = "";
            while (!answers.contains("\"epoch\"")) {
                answers += stuck.readText();
            }
            Matcher epoch = EPOCH.matcher(answers);
            assertThat(epoch.find()).isTrue();

            int count = publishUntilDropped(reader);
            assertThat(stuck.isStuck()).isTrue();
            List<Integer> had = new ArrayList<>();
            String text = "";
            while (!text.contains("\"unsubscribe\":{\"code\":2500,")) {
                text = Objects.requireNonNull(stuck.readText(), "It was closed");
                had.addAll(offsets(text));
            }
            assertThat(had).hasSizeLessThan(count);
            stuck.sendText(
                    follow
                            + ",\"recover\":true,\"epoch\":\""
                            + epoch.group(1)
                            + "\",\"offset\":"
                            + had.size()
                            + "}}");
            while (had.size() < count) {
                had.addAll(offsets(stuck.readText()));
            }
            assertThat(had).isEqualTo(IntStream.rangeClosed(1, count).boxed().toList());
        }
    }

    /** Publishes until events are lost to a client; the reader has each of them without delay. */
    private int publishUntilDropped(JsonClient reader) throws Exception {
        String before = Http.get(application, "connections?dropped").body();
        int count = 0;
        while (Http.get(application, "connections?dropped").body().equals(before)) {
            count++;
            assertThat(count).isLessThan(MANY);
            String number = "&from=" + count + "&to=" + count + "&zeros=400000";
            Http.put(application, "connections?channel=storm-slow" + number);
            int known = count;
            await().atMost(Storm.LONG).until(() -> reader.lines("\"push\"").size() == known);
        }
        return count;
    }

    private static List<Integer> offsets(String text) {
        return OFFSET.matcher(text)
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .toList();
    }
}
