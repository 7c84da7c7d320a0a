package dev.channels.it.identity;

import dev.channels.Caller;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientCredentials;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Takes a token at its word: a name, a group, and for how many seconds it is good, with slashes
 * between. Who sends none is whom the container knows.
 */
@ApplicationScoped
public class TokenLogin implements ClientAuthenticator {

    @Override
    public CompletionStage<Caller> authenticate(ClientCredentials credentials) {
        return CompletableFuture.completedFuture(
                credentials.token().isEmpty()
                        ? credentials.caller()
                        : caller(credentials.token().split("/", -1)));
    }

    private static Caller caller(String... parts) {
        return Caller.named(parts[0])
                .withGroups(Set.of(parts[1]))
                .withExpiry(Instant.now().plusSeconds(Long.parseLong(parts[2])));
    }
}
