package dev.channels.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionEngineTest {

    @ParameterizedTest
    @CsvSource({
        "io.undertow.websockets.jsr.UndertowSession, UNDERTOW",
        "org.glassfish.tyrus.core.TyrusSession, TYRUS",
        "com.ibm.ws.wsoc.SessionExt, LIBERTY",
        "org.apache.tomcat.websocket.WsSession, OTHER",
    })
    void engineIsKnownByThePackageOfItsSession(String sessionClass, SessionEngine engine) {
        assertThat(SessionEngine.ofClass(sessionClass)).isEqualTo(engine);
    }

    @Test
    void unknownEngineGetsOneSendAtATime() {
        assertThat(SessionEngine.OTHER.maxInFlight()).isEqualTo(1);
        assertThat(SessionEngine.OTHER.looksForServices()).isFalse();
    }

    @Test
    void windowIsBoundedInEventsAndBytes() {
        for (SessionEngine engine :
                new SessionEngine[] {SessionEngine.UNDERTOW, SessionEngine.TYRUS}) {
            assertThat(engine.maxInFlight()).isBetween(2, 1_000);
            assertThat(engine.maxInFlightBytes()).isBetween(1_024L, 1_048_576L);
        }
    }

    @Test
    void openLibertyGetsAnArrayAndTheOthersAReadOnlyView() {
        ChannelEvent event = new ChannelEvent("a", new Position("e", 1), new byte[] {1, 2});
        assertThat(SessionEngine.LIBERTY.buffer(event).hasArray()).isTrue();
        assertThat(SessionEngine.UNDERTOW.buffer(event).isReadOnly()).isTrue();
        assertThat(SessionEngine.LIBERTY.buffer(event)).isEqualTo(event.buffer());
    }
}
