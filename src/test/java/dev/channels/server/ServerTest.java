package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.test.FakeSession;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerTest {

    private final FakeSession fake = new FakeSession();

    @ParameterizedTest
    @CsvSource({
        "io.undertow.websockets.jsr.UndertowSession, UndertowServer",
        "io.undertow.websockets.jsr.ServerWebSocketContainer, UndertowServer",
        "org.glassfish.tyrus.core.TyrusSession, GlassFishServer",
        "org.glassfish.enterprise.concurrent.ManagedExecutorServiceImpl, GlassFishServer",
        "org.glassfish.concurro.ManagedExecutorServiceAdapter, GlassFishServer",
        "com.ibm.ws.wsoc.SessionExt, LibertyServer",
        "org.apache.tomcat.websocket.WsSession, TomcatServer",
        "org.apache.catalina.core.ApplicationContextFacade, OtherServer",
        "org.eclipse.jetty.ee10.websocket.jakarta.common.JakartaWebSocketSession, OtherServer",
    })
    void serverIsKnownByThePackageOfWhatItMade(String made, String server) {
        assertThat(KnownServers.ofClass(made).getClass().getSimpleName()).isEqualTo(server);
    }

    @Test
    void unknownServerGetsOneSendAtATime() {
        SessionRemote remote = KnownServers.of(fake).remote(fake.session);
        assertThat(remote.maxInFlight()).isEqualTo(1);
        assertThat(remote.mayBlock()).isFalse();
        assertThat(remote.isConnected()).isFalse();
    }

    @Test
    void onlyPayarasExecutorsMakeDetours() {
        Executor managed = Runnable::run;
        assertThat(Servers.undertow().withoutDetours(managed)).isSameAs(managed);
        ClassLoader[] seen = new ClassLoader[1];
        Servers.glassFish()
                .withoutDetours(task -> seen[0] = Thread.currentThread().getContextClassLoader())
                .execute(() -> {});
        assertThat(seen[0]).isInstanceOf(ServiceCache.class);
    }

    @ParameterizedTest
    @CsvSource({
        "Payara Server 7.2025.1 #badassfish, true",
        "Payara Micro 7.2025.1 #badassfish, true",
        "Payara Server 6.2025.9 #badassfish, false",
        "Payara Server 6.7.1, false",
        "Eclipse GlassFish 7.0.15, true",
        "Eclipse GlassFish  7.0.15, true",
        "Eclipse GlassFish 6.2.7, false",
        "Eclipse GlassFish 8.0.0, false",
    })
    void version7IsToldToRefuseColonsInPaths(String version, boolean told) {
        Server server = Servers.glassFish();
        assertThat(server.outOfReach(List.of("a", "b"), version)).isNull();
        String sentence = server.outOfReach(List.of("a", "a:b"), version);
        if (told) {
            assertThat(sentence)
                    .startsWith(
                            "Clients cannot reach the endpoints of channels [a:b], since "
                                    + version)
                    .contains("503");
        } else {
            assertThat(sentence).isNull();
        }
        assertThat(Servers.undertow().outOfReach(List.of("a:b"), version)).isNull();
    }

    @Test
    void windowIsBoundedInEventsAndBytes() {
        for (Server server : new Server[] {Servers.undertow(), Servers.glassFish()}) {
            SessionRemote remote = server.remote(fake.session);
            assertThat(remote.maxInFlight()).isBetween(2, 1_000);
            assertThat(remote.maxInFlightBytes()).isBetween(1_024L, 1_048_576L);
        }
    }

    @Test
    void openLibertyGetsACopyOfWhatIsReadOnlyAndTheOthersTheViewItself() {
        ByteBuffer view = ByteBuffer.wrap(new byte[] {1, 2}).asReadOnlyBuffer();
        Servers.undertow().remote(fake.session).sendBinary(view, result -> {});
        assertThat(fake.sent.get(0)).isSameAs(view);
        Servers.liberty(new Semaphore(0)).remote(fake.session).sendBinary(view, result -> {});
        ByteBuffer copy = (ByteBuffer) fake.sent.get(1);
        assertThat(copy.hasArray()).isTrue();
        assertThat(copy).isEqualTo(view);
    }
}
