package dev.channels.client.connected;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.client.connected.Order.Action;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class OrderTest {

    private static final UUID NODE = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    @Test
    void theFormatIsFixed() {
        Order order = new Order(NODE, Action.UNSUBSCRIBE, true, "ann", bytes("news"));
        assertThat(order.encode())
                .asHexString()
                .isEqualTo(
                        "017501"
                                + "00112233445566778899AABBCCDDEEFF"
                                + "00000003616E6E"
                                + "6E657773");
    }

    @Property
    void whatIsEncodedIsDecoded(
            @ForAll Action action, @ForAll boolean byUser, @ForAll byte[] more) {
        byte[] bytes = new Order(NODE, action, byUser, "\u00e4\u20ac", more).encode();
        Order order = Order.decode(bytes);
        assertThat(order).isNotNull();
        assertThat(order.origin()).isEqualTo(NODE);
        assertThat(order.byUser()).isEqualTo(byUser);
        assertThat(order.name()).isEqualTo("\u00e4\u20ac");
        assertThat(order.encode()).isEqualTo(bytes);
    }

    @Property
    void anythingIsAnOrderOrNone(@ForAll byte[] bytes) {
        Order order = Order.decode(bytes);
        assertThat(order == null || bytes.length >= 23).isTrue();
    }

    @Test
    void anotherVersionAnUnknownActionAndHalfAnOrderAreLeftAlone() {
        byte[] bytes = new Order(NODE, Action.SEND, false, "id", bytes("x")).encode();
        for (int wrong : new int[] {0, 1}) {
            byte[] changed = bytes.clone();
            changed[wrong] = 9;
            assertThat(Order.decode(changed)).isNull();
        }
        assertThat(Order.decode(Arrays.copyOf(bytes, 22))).isNull();
        assertThat(Order.decode(Arrays.copyOf(bytes, 24))).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
