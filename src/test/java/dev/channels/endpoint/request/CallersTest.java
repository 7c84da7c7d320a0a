package dev.channels.endpoint.request;

import static org.assertj.core.api.Assertions.assertThat;

import dev.channels.Caller;
import dev.channels.server.Server;
import dev.channels.server.Servers;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CallersTest {

    private final Callers callers = new Callers(Set.of("admin"));
    private final FakeRequest fake = FakeRequest.handshake("/sec/ws/good");

    private Caller caller(Server server) throws IOException {
        return callers.callerOf(fake.request, fake.response, server);
    }

    @Test
    void callerIsWhomTheContainerKnows() throws IOException {
        fake.principal = () -> "alice";
        fake.roles.addAll(Set.of("admin", "user"));
        assertThat(caller(Servers.undertow()))
                .isEqualTo(Caller.named("alice").withGroups(List.of("admin")));
    }

    @Test
    void nobodyIsAnonymousWhateverTheContainerSaysOfRoles() throws IOException {
        fake.roles.add("admin");
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.ANONYMOUS);
        fake.principal = () -> "";
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.ANONYMOUS);
        fake.principal = () -> null;
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.ANONYMOUS);
        fake.principal = () -> "x".repeat(201);
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void containerThatLooksLateIsAskedToLookAtAPassword() throws IOException {
        fake.authentication =
                () -> {
                    fake.principal = () -> "alice";
                    return true;
                };
        assertThat(caller(Servers.glassFish())).as("no password").isEqualTo(Caller.ANONYMOUS);
        fake.header("Authorization", "Basic YTpi");
        assertThat(caller(Servers.undertow())).as("would have looked").isEqualTo(Caller.ANONYMOUS);
        assertThat(caller(Servers.glassFish())).isEqualTo(Caller.named("alice"));
    }

    @Test
    void failureOrAnEmptySuccessIsNoWayIn() throws IOException {
        fake.header("Authorization", "Basic YTpi");
        fake.authentication = () -> true;
        assertThat(caller(Servers.glassFish())).isEqualTo(Caller.ANONYMOUS);
        fake.authentication =
                () -> {
                    throw new ServletException("no");
                };
        assertThat(caller(Servers.glassFish())).isEqualTo(Caller.ANONYMOUS);
    }

    /** A principal of MicroProfile JWT. */
    private record Token(@Nullable Long end) implements JsonWebToken {
        @Override
        public String getName() {
            return "alice";
        }

        @Override
        public Set<String> getClaimNames() {
            return Set.of();
        }

        @Override
        @SuppressWarnings("unchecked") // as the interface is
        public <T> T getClaim(String name) {
            return (T) (name.equals("exp") ? end : null);
        }
    }

    @Test
    void theEndOfATokenIsTheEndOfItsCaller() throws IOException {
        fake.principal = new Token(2_000_000_000L);
        assertThat(caller(Servers.undertow()).expiry())
                .isEqualTo(Instant.ofEpochSecond(2_000_000_000L));
        fake.principal = new Token(0L);
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.named("alice"));
    }

    @Test
    void aTokenThatDoesNotTellItsEndHasNone() throws IOException {
        fake.principal = new Token(null);
        assertThat(caller(Servers.undertow())).isEqualTo(Caller.named("alice"));
    }
}
