package dev.channels;

import java.util.concurrent.CompletionStage;

/**
 * Decides what a client may do, beyond the policies of the configuration: it is asked where a
 * policy permits, and can only refuse. A CDI bean of the application that implements this is asked
 * at every door.
 *
 * <p>Called on threads of the managed executor, and by several at once; should not block. Its
 * answer is waited for, with a bound. Whatever fails in it is a refusal.
 */
@FunctionalInterface
public interface ClientAuthorizer {

    /**
     * Begins to decide.
     *
     * @param intent who wants to do what
     * @return completes with a permit, or with a {@link ClientRefusedException}; any other failure
     *     is logged, and the client may try again
     */
    CompletionStage<ClientPermit> authorize(ClientIntent intent);
}
