package dev.channels.spi.contract;

import dev.channels.ChannelEvent;
import dev.channels.Position;
import dev.channels.spi.BackendSink;
import dev.channels.spi.BrokerUnavailableException;
import dev.channels.spi.ChannelDiscovery;
import dev.channels.spi.ChannelHistory;
import dev.channels.spi.ChannelsBackend;
import dev.channels.spi.HistorySlice;
import dev.channels.spi.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker with several nodes and with outages, whose channels are logs that every node reads from
 * its own cursors on its own thread. An outage begins with one publish that is accepted though its
 * publisher is told otherwise.
 */
final class SimulatedBroker implements Outage {

    private final int limit;
    private final Map<String, Log> logs = new HashMap<>();
    private final List<SimulatedBackend> nodes = new ArrayList<>();
    private boolean away;
    private boolean losesAnswer;

    SimulatedBroker(int limit) {
        this.limit = limit;
    }

    @Override
    public synchronized void begin() {
        away = true;
        losesAnswer = true;
        nodes.forEach(node -> node.onThread(sink -> sink.disconnected(null)));
    }

    @Override
    public synchronized void end() {
        if (away) {
            away = false;
            nodes.forEach(node -> node.onThread(BackendSink::connected));
            nodes.forEach(SimulatedBackend::receive);
        }
    }

    private synchronized Log log(String key) {
        return logs.computeIfAbsent(key, name -> new Log());
    }

    private void requireThere() {
        if (away) {
            throw new BrokerUnavailableException("The simulated broker is away.", null);
        }
    }

    /** An event that is to be told of. */
    private record Found(String channel, Position before) {}

    /** Who watches names that begin alike, and where what he is to be told of begins. */
    private static final class Watch {
        private final String prefix;
        private final ChannelDiscovery.Watcher watcher;
        private final List<Found> found = new ArrayList<>();

        Watch(String prefix, ChannelDiscovery.Watcher watcher) {
            this.prefix = prefix;
            this.watcher = watcher;
        }

        private void tell(Found event) {
            watcher.published(event.channel(), event.before());
        }

        private boolean covers(String channel) {
            return channel.startsWith(prefix) && channel.length() > prefix.length();
        }
    }

    /** The events of one channel from offset {@code dropped} on. */
    private static final class Log {
        private final List<ChannelEvent> events = new ArrayList<>();
        private long dropped;
        private int lives = 1;

        private String epoch() {
            return "epoch " + lives;
        }

        private Position position() {
            return new Position(epoch(), newest());
        }

        private void forget() {
            lives++;
            dropped = 0;
            events.clear();
        }

        private long newest() {
            return dropped + events.size();
        }

        private List<ChannelEvent> from(long offset, int count) {
            int from = (int) (Math.max(offset, dropped) - dropped);
            int rest = events.size() - from;
            return List.copyOf(
                    events.subList(from, from + (count < 0 ? rest : Math.min(count, rest))));
        }
    }

    SimulatedBackend newNode(String prefix) {
        return new SimulatedBackend(prefix);
    }

    final class SimulatedBackend implements ChannelsBackend, ChannelHistory, ChannelDiscovery {

        private final String prefix;
        private final Map<String, Long> cursors = new HashMap<>();
        private final List<Watch> watches = new ArrayList<>();
        private @Nullable BackendSink sink;
        private @Nullable ExecutorService thread;
        private long accepted;

        private SimulatedBackend(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public CompletionStage<Void> start(BackendSink newSink) {
            return answer(
                    () -> {
                        sink = newSink;
                        thread = Executors.newSingleThreadExecutor();
                        accepted = 0;
                        nodes.add(this);
                        requireThere();
                        return null;
                    });
        }

        @Override
        public CompletionStage<Void> stop() {
            synchronized (SimulatedBroker.this) {
                CompletableFuture<Void> stopped = new CompletableFuture<>();
                if (thread == null) {
                    stopped.complete(null);
                } else {
                    thread.execute(() -> stopped.complete(null));
                    thread.shutdown();
                    thread = null;
                }
                sink = null;
                cursors.clear();
                watches.clear();
                nodes.remove(this);
                return stopped;
            }
        }

        @Override
        public CompletionStage<Void> publish(List<Publication> batch) {
            return answer(
                    () -> {
                        if (!losesAnswer) {
                            requireThere();
                        }
                        batch.stream().filter(p -> p.sequence() > accepted).forEach(this::append);
                        nodes.forEach(SimulatedBackend::receive);
                        losesAnswer = false;
                        requireThere();
                        return null;
                    });
        }

        private void append(Publication publication) {
            accepted = publication.sequence();
            for (String channel : publication.channels()) {
                Log log = log(prefix + channel);
                Position position = new Position(log.epoch(), log.newest() + 1);
                nodes.stream()
                        .filter(node -> node.prefix.equals(prefix))
                        .forEach(
                                node ->
                                        node.found(
                                                channel, new Position(log.epoch(), log.newest())));
                log.events.add(
                        new ChannelEvent(
                                channel,
                                position,
                                publication.payload(),
                                publication.payload().length,
                                publication.headers()));
                if (log.events.size() > 2 * limit) {
                    log.dropped += limit;
                    log.events.subList(0, limit).clear();
                }
            }
        }

        private void found(String channel, Position before) {
            watches.stream()
                    .filter(watch -> watch.covers(channel))
                    .forEach(watch -> watch.found.add(new Found(channel, before)));
        }

        private void tell() {
            Map<Watch, List<Found>> due = new HashMap<>();
            synchronized (SimulatedBroker.this) {
                if (!away) {
                    for (Watch watch : watches) {
                        due.put(watch, List.copyOf(watch.found));
                        watch.found.clear();
                    }
                }
            }
            due.forEach((watch, all) -> all.forEach(watch::tell));
        }

        @Override
        public Optional<ChannelDiscovery> discovery() {
            return Optional.of(this);
        }

        @Override
        public CompletionStage<Void> watch(String names, Watcher watcher) {
            return answer(
                    () -> {
                        watches.add(new Watch(names, watcher));
                        return null;
                    });
        }

        private void receive() {
            onThread(receiver -> tell());
            onThread(receiver -> cursors().forEach(c -> receive(receiver, c)));
        }

        private void receive(BackendSink receiver, String channel) {
            List<ChannelEvent> due = List.of();
            boolean gap = false;
            synchronized (SimulatedBroker.this) {
                Long cursor = cursors.get(channel);
                if (cursor != null && !away) {
                    Log log = log(prefix + channel);
                    gap = cursor < log.dropped;
                    due = log.from(cursor, -1);
                    cursors.put(channel, log.newest());
                }
            }
            if (gap) {
                receiver.gap(channel);
            }
            due.forEach(receiver::deliver);
        }

        private Set<String> cursors() {
            synchronized (SimulatedBroker.this) {
                return Set.copyOf(cursors.keySet());
            }
        }

        private void onThread(Consumer<BackendSink> call) {
            BackendSink receiver = sink;
            if (thread != null && receiver != null) {
                thread.execute(() -> call.accept(receiver));
            }
        }

        @Override
        public CompletionStage<Void> subscribe(Set<String> channels) {
            return answer(
                    () -> {
                        channels.forEach(c -> cursors.put(c, log(prefix + c).newest()));
                        return null;
                    });
        }

        @Override
        public CompletionStage<Void> unsubscribe(Set<String> channels) {
            return answer(
                    () -> {
                        cursors.keySet().removeAll(channels);
                        return null;
                    });
        }

        @Override
        public Optional<ChannelHistory> history() {
            return Optional.of(this);
        }

        @Override
        public CompletionStage<HistorySlice> last(String channel, int count) {
            return answer(
                    () -> {
                        requireThere();
                        Log log = log(prefix + channel);
                        long from = count < 0 ? 0 : Math.max(0, log.newest() - count);
                        return new HistorySlice(log.from(from, -1), log.position(), false);
                    });
        }

        @Override
        public CompletionStage<HistorySlice> after(String channel, Position position, int count) {
            return answer(
                    () -> {
                        requireThere();
                        Log log = log(prefix + channel);
                        long offset = position.offset();
                        boolean gap =
                                !position.epoch().equals(log.epoch())
                                        || offset < log.dropped
                                        || offset > log.newest();
                        return new HistorySlice(
                                log.from(gap ? 0 : offset, count), log.position(), gap);
                    });
        }

        @Override
        public CompletionStage<HistorySlice> before(String channel, Position position, int count) {
            return answer(
                    () -> {
                        requireThere();
                        Log log = log(prefix + channel);
                        boolean gap = !position.epoch().equals(log.epoch());
                        long to = Math.min(log.newest(), position.offset() - 1);
                        long from = count < 0 ? 0 : Math.max(0, to - count);
                        List<ChannelEvent> events =
                                gap || to <= log.dropped
                                        ? List.of()
                                        : log.from(from, (int) (to - Math.max(from, log.dropped)));
                        return new HistorySlice(events, log.position(), gap);
                    });
        }

        @Override
        public CompletionStage<Void> forget(String channel) {
            return answer(
                    () -> {
                        requireThere();
                        log(prefix + channel).forget();
                        nodes.stream()
                                .filter(node -> node.prefix.equals(prefix))
                                .forEach(node -> node.forgotten(channel));
                        return null;
                    });
        }

        private void forgotten(String channel) {
            if (cursors.containsKey(channel)) {
                cursors.put(channel, 0L);
                onThread(receiver -> receiver.gap(channel));
            }
        }

        private <T> CompletionStage<T> answer(Supplier<T> call) {
            synchronized (SimulatedBroker.this) {
                try {
                    return CompletableFuture.completedFuture(call.get());
                } catch (BrokerUnavailableException e) {
                    return CompletableFuture.failedFuture(e);
                }
            }
        }
    }
}
