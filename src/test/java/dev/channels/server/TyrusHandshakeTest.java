package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.lang.reflect.Proxy;
import java.security.Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TyrusHandshakeTest {

    private static final Principal ALICE = () -> "alice";

    private final HttpServletRequest request = request("Payara Server  6.2025.9 #badassfish");

    private static HttpServletRequest request(String server) {
        ServletContext context =
                (ServletContext)
                        Proxy.newProxyInstance(
                                ServletContext.class.getClassLoader(),
                                new Class<?>[] {ServletContext.class},
                                (self, method, arguments) -> server);
        return FakeGrizzly.request(
                HttpServletRequest.class,
                (self, method, arguments) ->
                        switch (method.getName()) {
                            case "getUserPrincipal" -> ALICE;
                            case "getServletContext" -> context;
                            default -> null;
                        });
    }

    @Test
    void userIsHiddenFromTheFirstWhoLooksBehindTheUpgrade() throws Exception {
        HttpServletRequest handshake = Servers.glassFish().toUpgrade(request);
        assertThat(handshake.getUserPrincipal()).isSameAs(ALICE);
        assertThat(handshake.upgrade(HttpUpgradeHandler.class)).isNull();
        assertThat(handshake.getUserPrincipal()).isNull();
        assertThat(handshake.getUserPrincipal()).isSameAs(ALICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Eclipse GlassFish 8.0.0", "Payara Server  7.2025.1 #badassfish"})
    void newerServersTakeAnotherRequestThanTheirOwn(String server) {
        HttpServletRequest own = request(server);
        assertThat(Servers.glassFish().toUpgrade(own)).isNotSameAs(own);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Eclipse GlassFish 7.0.15", "Eclipse GlassFish  7.1.0"})
    void glassFish7TakesItsOwnRequestOnly(String server) {
        HttpServletRequest own = request(server);
        assertThat(Servers.glassFish().toUpgrade(own)).isSameAs(own);
    }

    @Test
    void otherServersGetTheRequestItself() {
        assertThat(Servers.undertow().toUpgrade(request)).isSameAs(request);
    }
}
