package dev.channels.spi;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Keeps who is there in each channel, over all nodes.
 *
 * <p>A client belongs to the node that entered it: the backend that {@link ChannelsBackend#start}
 * made a node of. What a node entered lasts for a lifetime after its last call of {@link #change},
 * {@link #keepAlive} or {@link #replace} that was about the channel, by the broker's clock; then
 * nobody sees it any more. The lifetime is given with each call and is the same for all nodes.
 *
 * <p>Whoever comes and goes is pushed into {@link BackendSink#presenceChanged} of every node that
 * is subscribed to the channel, the node's own among them: in the order of the changes for each
 * client, at most once for each change. A push may be lost where events may; one may come twice
 * after the broker has lost its data. When a node has been silent for a lifetime, its clients are
 * pushed as gone by the next call of another node that is about the channel.
 *
 * <p>Not blocking, and safe for use by any thread. {@link #change}, {@link #keepAlive} and {@link
 * #replace} are called one at a time: the next comes after the stage of the one before has
 * completed. The stages complete on any thread, and fail with {@link BrokerUnavailableException}
 * while the broker is away, and only then; whether such a call had an effect does not matter, since
 * {@link #replace} follows it.
 *
 * <p>What is wrong with one channel must not harm the others: a call does what it can in all of
 * them, and then fails with a {@link PresenceRejectedException} that names those in which it could
 * not. They are left alone for a while, longer each time. After any other failure the plugin
 * replaces the channels of the call one by one, to find out which are meant.
 */
public interface ChannelPresence {

    /**
     * Enters clients, and takes clients out. One that is there already is replaced, which is no
     * change to others; one that is not there, or that another node has entered since, cannot be
     * taken out.
     *
     * @param changes at least one, at most 500, in their order
     * @param lifetime how long they last
     * @return completes when others see it
     */
    CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime);

    /**
     * Lets everything that this node has entered last for another lifetime.
     *
     * @param clients how many clients this node has in each channel where it has any
     * @param lifetime how long they last
     * @return completes with those channels in which the broker has another number of clients of
     *     this node: the plugin replaces them
     */
    CompletionStage<Set<String>> keepAlive(Map<String, Integer> clients, Duration lifetime);

    /**
     * Makes what this node has in some channels that and nothing else: after an outage, and at the
     * end. Only what differs is a change to others.
     *
     * @param clients at least one channel, with the clients of this node there, none in many cases
     * @param lifetime how long they last
     * @return completes when others see it
     */
    CompletionStage<Void> replace(
            Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime);

    /**
     * Reads who is there.
     *
     * @param channel the name of the channel
     * @param limit how many clients at most, from 1 up
     * @return completes with the clients, in no order; any of them where there are more
     */
    CompletionStage<List<PresentClient>> clients(String channel, int limit);

    /**
     * Counts who is there.
     *
     * @param channel the name of the channel
     * @return completes with the numbers
     */
    CompletionStage<PresenceStatistics> statistics(String channel);
}
