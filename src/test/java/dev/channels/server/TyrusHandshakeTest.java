package dev.channels.server;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpUpgradeHandler;
import java.security.Principal;
import org.junit.jupiter.api.Test;

class TyrusHandshakeTest {

    private static final Principal ALICE = () -> "alice";

    private final HttpServletRequest request =
            FakeGrizzly.request(
                    HttpServletRequest.class,
                    (self, method, arguments) ->
                            method.getName().equals("getUserPrincipal") ? ALICE : null);

    @Test
    void userIsHiddenFromTheFirstWhoLooksBehindTheUpgrade() throws Exception {
        HttpServletRequest handshake = Servers.glassFish().toUpgrade(request);
        assertThat(handshake.getUserPrincipal()).isSameAs(ALICE);
        assertThat(handshake.upgrade(HttpUpgradeHandler.class)).isNull();
        assertThat(handshake.getUserPrincipal()).isNull();
        assertThat(handshake.getUserPrincipal()).isSameAs(ALICE);
    }

    @Test
    void otherServersGetTheRequestItself() {
        assertThat(Servers.undertow().toUpgrade(request)).isSameAs(request);
    }
}
