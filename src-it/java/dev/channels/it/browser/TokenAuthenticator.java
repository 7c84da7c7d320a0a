package dev.channels.it.browser;

import dev.channels.Caller;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientCredentials;
import dev.channels.ClientRefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes a token at its word: a name, a slash, and for how many seconds it is good. */
@ApplicationScoped
public class TokenAuthenticator implements ClientAuthenticator {

    @Override
    public CompletionStage<Caller> authenticate(ClientCredentials credentials) {
        String token = credentials.token();
        if (token.isEmpty()) {
            return CompletableFuture.completedFuture(Caller.ANONYMOUS);
        }
        if (token.equals("bad")) {
            return CompletableFuture.failedFuture(new ClientRefusedException(1234, "not you"));
        }
        String[] parts = token.split("/");
        return CompletableFuture.completedFuture(
                Caller.named(parts[0])
                        .withInfo("{\"from\":\"here\"}")
                        .withExpiry(Instant.now().plusSeconds(Long.parseLong(parts[1]))));
    }
}
