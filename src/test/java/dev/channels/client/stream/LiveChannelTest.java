package dev.channels.client.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import org.junit.jupiter.api.Test;

class LiveChannelTest {

    private static final EventForms FORMS = EventForms.json(true);

    private static ChannelEvent event(long offset) {
        return new ChannelEvent("a", new Position("epoch", offset), new byte[] {'1'});
    }

    @Test
    void connectionsThatHaveRecoveredNothingShareIt() {
        LiveChannel channel = LiveChannel.ofAll(FORMS, false);
        assertThat(channel).isSameAs(LiveChannel.ofAll(FORMS, false));
        assertThat(channel).isNotEqualTo(LiveChannel.ofAll(FORMS, true));
        assertThat(channel).isNotEqualTo(LiveChannel.ofAll(EventForms.protobuf(true), false));
        assertThat(channel.push(event(1))).isNotNull();
    }

    @Test
    void whatTheClientHasHadIsLeftOut() {
        LiveChannel channel = new LiveChannel(FORMS, false, 7);
        assertThat(channel.push(event(7))).isNull();
        assertThat(channel.push(event(8))).isNotNull();
    }
}
