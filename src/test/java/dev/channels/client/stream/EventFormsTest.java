package dev.channels.client.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelEvent;
import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import dev.channels.Position;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventFormsTest {

    private static ChannelEvent event(byte... payload) {
        return new ChannelEvent("a", new Position("epoch", 7), payload);
    }

    /** However many connections there are; without positions it is another form. */
    @Test
    void eachFormIsMadeOnceForAnEvent() {
        ChannelEvent event = event("{\"a\":1}".getBytes(StandardCharsets.UTF_8));
        for (EventForms forms :
                List.of(
                        EventForms.json(true),
                        EventForms.json(false),
                        EventForms.protobuf(true),
                        EventForms.protobuf(false))) {
            assertThat(forms.push(event)).isSameAs(forms.push(event));
            assertThat(forms.publication(event)).isSameAs(forms.publication(event));
        }
        assertThat(EventForms.json(true).push(event))
                .isNotEqualTo(EventForms.json(false).push(event));
        assertThat(EventForms.json(true)).isSameAs(EventForms.json(false).with(true));
        assertThat(EventForms.protobuf(false)).isSameAs(EventForms.protobuf(true).with(false));
    }

    @Test
    void whatIsNoTextIsForProtobufOnly() {
        ChannelEvent event = event((byte) 0xC0);
        assertThatThrownBy(() -> EventForms.json(true).push(event))
                .isInstanceOfSatisfying(
                        ChannelsException.class,
                        e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.NOT_TEXT));
        assertThat(EventForms.protobuf(true).push(event)).isNotNull();
    }
}
