package dev.channels.cdi.telemetry;

import dev.channels.ChannelsStatistics;
import dev.channels.ErrorCode;
import dev.channels.Refusals;
import dev.channels.cdi.status.ApplicationStatus;
import dev.channels.cdi.telemetry.Measure.Kind;
import dev.channels.endpoint.Doors;
import dev.channels.internal.node.ChannelsNode;
import dev.channels.internal.task.Durations;
import dev.channels.internal.task.Tracing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * All measures of one application. What is sent to a broker and received from it has the names of
 * OpenTelemetry's conventions for messaging; the rest begins with {@code channels}.
 */
public final class Measures {

    private static final String SYSTEM = "messaging.system";
    private static final String OPERATION = "messaging.operation.name";
    private static final String DESTINATION = "messaging.destination.name";
    private static final String REASON = "channels.reason";

    private final ApplicationStatus status;
    private final ChannelsNode node;
    private final Doors doors;
    private final List<String> doorNames;
    private final @Nullable Predicate<String> named;

    /**
     * Makes the measures of an application.
     *
     * @param status how it stands
     * @param node what it publishes by
     * @param doors its connections
     * @param doorNames the names that doors can have
     * @param named tells whether a policy lets telemetry name a channel; null where none names any
     */
    public Measures(
            ApplicationStatus status,
            ChannelsNode node,
            Doors doors,
            List<String> doorNames,
            @Nullable Predicate<String> named) {
        this.status = status;
        this.node = node;
        this.doors = doors;
        this.doorNames = List.copyOf(doorNames);
        this.named = named;
    }

    /**
     * Returns which channels may be named.
     *
     * @return tells whether a policy names one; null where none names any
     */
    public @Nullable Predicate<String> named() {
        return named;
    }

    /**
     * Has the durations told that no reading could give afterwards.
     *
     * @param durations is told from now on; {@link Durations#NONE} for nobody
     */
    public void record(Durations durations) {
        node.record(durations);
    }

    /**
     * Has events followed.
     *
     * @param tracing follows them from now on; {@link Tracing#NONE} for nobody
     */
    public void trace(Tracing tracing) {
        node.trace(tracing);
    }

    /**
     * Returns the attributes of what is told to {@link Durations}.
     *
     * @return those of publishes
     */
    public Map<String, String> ofPublishes() {
        return Map.of(SYSTEM, status.backend(), OPERATION, "publish");
    }

    /**
     * Returns what names a channel.
     *
     * @param channel its name
     * @return the one attribute that it has more than others
     */
    public static Map<String, String> destination(String channel) {
        return Map.of(DESTINATION, channel);
    }

    /**
     * Returns the attributes of a call of the application with an event.
     *
     * @return those of all such calls
     */
    public Map<String, String> ofProcessing() {
        return Map.of(SYSTEM, status.backend(), OPERATION, "process");
    }

    /**
     * Returns the attributes of what a subscriber is given.
     *
     * @return those of the fan-out, and of sends
     */
    public Map<String, String> ofDeliveries() {
        return Map.of(SYSTEM, status.backend());
    }

    /**
     * Returns how many events there were, of all channels together.
     *
     * @return the measures; where channels are named, {@link #ofEvents(Map, EventCounts)} has them
     */
    public List<Measure> ofEvents() {
        return ofEvents(
                Map.of(),
                counted(ChannelsStatistics::published),
                counted(ChannelsStatistics::publishFailures),
                counted(ChannelsStatistics::received));
    }

    /**
     * Returns how many events there were of a channel that is named, or of all others.
     *
     * @param destination from {@link #destination}; empty for the others
     * @param counts counts them
     * @return the measures
     */
    public List<Measure> ofEvents(Map<String, String> destination, EventCounts counts) {
        return ofEvents(destination, counts::published, counts::failed, counts::received);
    }

    /**
     * Returns what counts the events of channels that are not named.
     *
     * @return has counted what the statistics have
     */
    public EventCounts others() {
        ChannelsStatistics before = status.statistics();
        EventCounts counts = new EventCounts();
        counts.add(before.published(), before.publishFailures(), before.received());
        return counts;
    }

    private List<Measure> ofEvents(
            Map<String, String> destination,
            LongSupplier published,
            LongSupplier failed,
            LongSupplier received) {
        return List.of(
                sent(destination, published),
                sent(with(destination, "error.type", ErrorCode.PUBLISH_FAILED.code()), failed),
                new Measure(
                        "messaging.client.consumed.messages",
                        Kind.COUNTER,
                        "{message}",
                        "Events that came from the broker for channels with subscribers",
                        with(with(destination, SYSTEM, status.backend()), OPERATION, "receive"),
                        received));
    }

    private static Map<String, String> with(Map<String, String> some, String name, String value) {
        Map<String, String> more = new HashMap<>(some);
        more.put(name, value);
        return Map.copyOf(more);
    }

    /**
     * Returns what else can be read at any time.
     *
     * @return the measures
     */
    public List<Measure> readings() {
        List<Measure> all = new ArrayList<>();
        all.add(lost("dropped", ChannelsStatistics::dropped));
        all.add(lost("discarded", ChannelsStatistics::discarded));
        all.add(lost("skipped", ChannelsStatistics::skipped));
        all.add(
                counter(
                        "channels.events.duplicate",
                        "{event}",
                        "Events that came again from the broker, and were left out",
                        ChannelsStatistics::duplicates));
        all.add(
                counter(
                        "channels.gaps",
                        "{gap}",
                        "Gaps that the backend told",
                        ChannelsStatistics::gaps));
        all.add(
                counter(
                        "channels.history.reads",
                        "{read}",
                        "Reads of the history of a channel from the broker",
                        ChannelsStatistics::historyReads));
        all.add(
                counter(
                        "channels.application.failures",
                        "{failure}",
                        "Throws of the application's code that is called",
                        ChannelsStatistics::applicationFailures));
        all.add(refused("origin", Refusals::origin));
        all.add(refused("identity", Refusals::identity));
        all.add(refused("policy", Refusals::policy));
        all.add(refused("limits", Refusals::limits));
        all.add(
                sum(
                        "channels.subscribers",
                        "{subscriber}",
                        "Subscribers of this node",
                        counted(ChannelsStatistics::subscribers)));
        all.add(
                sum(
                        "channels.publish.waiting",
                        "{event}",
                        "Publishes that wait for the broker",
                        counted(ChannelsStatistics::waitingPublishes)));
        all.add(
                sum(
                        "channels.backlog.events",
                        "{event}",
                        "Events that wait in the backlogs of subscribers",
                        () -> node.backlog().events()));
        all.add(
                sum(
                        "channels.backlog.size",
                        "By",
                        "What waits in the backlogs of subscribers",
                        () -> node.backlog().bytes()));
        all.add(
                sum(
                        "channels.presence.clients",
                        "{client}",
                        "Clients of this node that presence shows, once for each channel",
                        node::presentClients));
        for (String door : doorNames) {
            all.add(
                    new Measure(
                            "channels.connections",
                            Kind.SUM,
                            "{connection}",
                            "Open connections of clients",
                            Map.of("channels.door", door),
                            () -> doors.connections().size(door)));
        }
        all.add(
                new Measure(
                        "channels.broker.up",
                        Kind.GAUGE,
                        "1",
                        "1 if the broker can be reached, 0 if not",
                        Map.of(SYSTEM, status.backend()),
                        () -> status.isBrokerUp() ? 1 : 0));
        return all;
    }

    private LongSupplier counted(ToLongFunction<ChannelsStatistics> count) {
        return () -> count.applyAsLong(status.statistics());
    }

    private Measure sent(Map<String, String> more, LongSupplier count) {
        Map<String, String> attributes = new HashMap<>(ofPublishes());
        attributes.putAll(more);
        return new Measure(
                "messaging.client.sent.messages",
                Kind.COUNTER,
                "{message}",
                "Publishes that were handed to the broker, or failed",
                Map.copyOf(attributes),
                count);
    }

    private Measure lost(String reason, ToLongFunction<ChannelsStatistics> count) {
        return new Measure(
                "channels.events.lost",
                Kind.COUNTER,
                "{event}",
                "Events that did not reach a subscriber: dropped for want of room in a backlog,"
                        + " discarded with a stream that ended, or skipped by a consumer",
                Map.of(REASON, reason),
                counted(count));
    }

    private Measure refused(String reason, ToLongFunction<Refusals> count) {
        return new Measure(
                "channels.clients.refused",
                Kind.COUNTER,
                "{refusal}",
                "What clients wanted and were refused, by what refused it",
                Map.of(REASON, reason),
                () -> count.applyAsLong(status.statistics().refusals()));
    }

    private Measure counter(
            String name,
            String unit,
            String description,
            ToLongFunction<ChannelsStatistics> count) {
        return new Measure(name, Kind.COUNTER, unit, description, Map.of(), counted(count));
    }

    private static Measure sum(String name, String unit, String description, LongSupplier reading) {
        return new Measure(name, Kind.SUM, unit, description, Map.of(), reading);
    }
}
