package dev.channels.demo;

import dev.channels.Caller;
import dev.channels.ClientAuthenticator;
import dev.channels.ClientCredentials;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes everybody at his word: the token is the name. An application would look at a proof. */
@ApplicationScoped
public class Visitors implements ClientAuthenticator {

    private static final int LONGEST_NAME = 24;

    @Override
    public CompletionStage<Caller> authenticate(ClientCredentials credentials) {
        String name = credentials.token().strip();
        return CompletableFuture.completedFuture(
                name.isEmpty()
                        ? Caller.ANONYMOUS
                        : Caller.named(name.substring(0, Math.min(name.length(), LONGEST_NAME))));
    }
}
