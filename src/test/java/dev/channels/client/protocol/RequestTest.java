package dev.channels.client.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestTest {

    private static final String NAME = "a\nforged line";
    private static final Payload SECRET = Payload.of("\"secret\"");

    /** Requests as a message may print them. */
    private static final List<Request> REQUESTS =
            List.of(
                    new Request.Connect("secret", SECRET, Map.of(), NAME, NAME, Map.of()),
                    new Request.Subscribe(
                            NAME,
                            "secret",
                            true,
                            new StreamPosition(1, "e"),
                            SECRET,
                            true,
                            true,
                            true,
                            0),
                    new Request.Unsubscribe(NAME),
                    new Request.Publish(NAME, SECRET),
                    new Request.Presence(NAME),
                    new Request.PresenceStats(NAME),
                    new Request.History(NAME, 1, null, false),
                    new Request.Rpc(NAME, SECRET),
                    new Request.Send(SECRET),
                    new Request.Refresh("secret"),
                    new Request.SubRefresh(NAME, "secret"));

    @Test
    void namesAreShownOnOneLineAndSecretsNotAtAll() {
        assertThat(REQUESTS)
                .allSatisfy(
                        request -> assertThat(request.toString()).doesNotContain("\n", "secret"));
    }
}
