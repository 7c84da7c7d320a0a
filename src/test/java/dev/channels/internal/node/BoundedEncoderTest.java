package dev.channels.internal.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.channels.ChannelsException;
import dev.channels.ErrorCode;
import org.junit.jupiter.api.Test;

class BoundedEncoderTest {

    private final PayloadEncoder encoder = new BoundedEncoder(data -> (byte[]) data, 10);

    @Test
    void eventUpToTheBoundIsEncoded() {
        assertThat(encoder.encode(new byte[10])).hasSize(10);
    }

    @Test
    void largerEventIsRefusedWithWords() {
        assertThatThrownBy(() -> encoder.encode(new byte[11]))
                .isInstanceOf(ChannelsException.class)
                .hasMessageStartingWith(
                        "CHANNELS0028: An event of 11 bytes is larger than all that may wait")
                .extracting(e -> ((ChannelsException) e).errorCode())
                .isEqualTo(ErrorCode.EVENT_TOO_LARGE);
    }
}
