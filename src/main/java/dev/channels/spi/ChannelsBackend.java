package dev.channels.spi;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Talks to one broker: publishes to it, receives from it, reads its history.
 *
 * <p>The contract, which the test suite {@code dev.channels.spi.contract.ChannelsBackendContract}
 * checks:
 *
 * <dl>
 *   <dt>Asynchronous
 *   <dd>No method blocks. Each returns a stage, never null, that completes once, on any thread. A
 *       method that throws instead is treated as if its stage had failed.
 *   <dt>Life
 *   <dd>{@link #start} is called first, and {@link #stop} last; after that {@code start} may come
 *       again. {@code stop} may come before the stage of {@code start} has completed, which then
 *       completes in any way; {@code start} never comes before the stage of {@code stop} has.
 *       Stopping twice, or a backend that never started, is harmless. Other methods are only called
 *       between the completion of {@code start} and the call of {@code stop}.
 *   <dt>Order
 *   <dd>{@link #publish} is called with one batch at a time: the next comes after the stage of the
 *       one before has completed. Events of one channel are pushed into the sink in the order of
 *       their positions, which is the order in which the broker accepted them, which for the
 *       publications of one node is the order in the batches. Order across channels is not
 *       promised.
 *   <dt>Names
 *   <dd>Channel names are exact: 1 to 200 characters, no control characters, no slash, no unpaired
 *       surrogate; anything else may occur in them, and differs by case, blanks and accents. A
 *       prefix that the user configures keeps two applications on one broker apart.
 *   <dt>Payloads
 *   <dd>Bytes of any content, the empty array among them. A backend with a limit rejects a larger
 *       payload with {@link PublicationsRejectedException}; it must not cut it.
 *   <dt>While the broker is away
 *   <dd>{@code publish} fails with {@link BrokerUnavailableException} without waiting longer than a
 *       few seconds; the plugin keeps the batch and calls again with the same one. {@link
 *       #subscribe} and {@link #unsubscribe} stay pending, or take effect once the broker is back.
 *       The backend reconnects by itself, with exponential back-off and jitter; it says so by
 *       {@link BackendSink#disconnected} and {@link BackendSink#connected}.
 *   <dt>Durability
 *   <dd>A publish stage that has completed normally means that the broker accepted the events. What
 *       an outage of the broker can still take from them is the broker's matter; every backend's
 *       documentation says it.
 * </dl>
 *
 * <p>A backend is made by a {@link BackendFactory}, or is a CDI bean of the application.
 */
public interface ChannelsBackend {

    /**
     * Connects to the broker.
     *
     * @param sink takes the events from now on, until the stage of {@link #stop} has completed
     * @return completes when the broker was reached; exceptionally with a {@link
     *     BrokerUnavailableException} when it was not, within a bound of the backend's own. The
     *     plugin then calls {@link #stop}, or leaves the backend alone, which must go on trying and
     *     call {@link BackendSink#connected} when it has succeeded.
     */
    CompletionStage<Void> start(BackendSink sink);

    /**
     * Lets go of everything: connections, threads, timers. No event is pushed into the sink after
     * the stage has completed. Ends all subscriptions, so that the next start has none; stages that
     * are still pending complete, normally or not, soon after this one.
     *
     * @return completes when all is released, within a few seconds also while the broker is away
     */
    CompletionStage<Void> stop();

    /**
     * Publishes a batch, each publication to all of its channels, atomically where the broker can
     * do it.
     *
     * <p>After a {@link BrokerUnavailableException} the same list comes again, holding the same
     * {@link Publication}s. A backend that promises that a subscriber sees every event once must
     * recognise by {@link Publication#sequence()} those that the broker accepted the first time.
     *
     * @param batch at least one publication, in the order in which they are to be published; not
     *     changed by anyone
     * @return completes normally when the broker accepted all of them; exceptionally with {@link
     *     BrokerUnavailableException} when that is unknown or did not happen and trying again can
     *     help; with {@link PublicationsRejectedException} when some were refused and the others
     *     accepted; with anything else when all of them failed and trying again cannot help
     */
    CompletionStage<Void> publish(List<Publication> batch);

    /**
     * Begins to receive channels. The plugin never subscribes to a channel twice without an
     * unsubscribe in between, and never calls for one channel before the stage of the call before
     * has completed.
     *
     * @param channels the names, at least one
     * @return completes when every event that the broker accepts from now on will be pushed into
     *     the sink; exceptionally when that cannot be, none of the channels being subscribed then
     */
    CompletionStage<Void> subscribe(Set<String> channels);

    /**
     * Ceases to receive channels. An event that was under way may still be pushed.
     *
     * @param channels the names, at least one, all subscribed
     * @return completes when it is done; after an exceptional completion the channels count as
     *     unsubscribed all the same
     */
    CompletionStage<Void> unsubscribe(Set<String> channels);

    /**
     * Returns the history, if this backend keeps one.
     *
     * @return the history, the same at every call, or empty: nobody asks for history then
     */
    default Optional<ChannelHistory> history() {
        return Optional.empty();
    }

    /**
     * Returns the presence, if this backend keeps it.
     *
     * @return the presence, the same at every call, or empty: no policy can ask for it then
     */
    default Optional<ChannelPresence> presence() {
        return Optional.empty();
    }

    /**
     * Returns what publishes by the application's own transactions, if this backend can and is
     * configured to.
     *
     * @return the outbox, the same at every call, or empty: what is published in a transaction goes
     *     out by {@link #publish} then
     */
    default Optional<ChannelOutbox> outbox() {
        return Optional.empty();
    }

    /**
     * Returns what tells of channels in which something is published, if this backend can.
     *
     * @return the discovery, the same at every call, or empty: no observer can be one of a family
     *     of channels then
     */
    default Optional<ChannelDiscovery> discovery() {
        return Optional.empty();
    }

    /**
     * Returns the leases, if this backend has them and a history that goes on after a position.
     *
     * @return the leases, the same at every call, or empty: no observer can be one that only one
     *     node calls then
     */
    default Optional<ChannelLeases> leases() {
        return Optional.empty();
    }
}
