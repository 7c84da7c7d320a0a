package dev.channels.it.identity;

import dev.channels.ClientAuthorizer;
import dev.channels.ClientIntent;
import dev.channels.ClientPermit;
import dev.channels.ClientRefusedException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Refuses bob one channel that a policy permits him. */
@ApplicationScoped
public class NotBob implements ClientAuthorizer {

    @Override
    public CompletionStage<ClientPermit> authorize(ClientIntent intent) {
        return intent.channel().equals("not-bob") && intent.caller().name().equals("bob")
                ? CompletableFuture.failedFuture(new ClientRefusedException("Not you"))
                : CompletableFuture.completedFuture(ClientPermit.GRANTED);
    }
}
