package dev.channels.backend.postgresql.presence;

import dev.channels.PresenceChange;
import dev.channels.PresenceStatistics;
import dev.channels.PresentClient;
import dev.channels.backend.postgresql.connection.Failures;
import dev.channels.backend.postgresql.tables.TableNames;
import dev.channels.backend.postgresql.worker.RequestWorker;
import dev.channels.backend.postgresql.worker.Requests;
import dev.channels.backend.postgresql.worker.Worker;
import dev.channels.spi.ChannelPresence;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * What is asked of the presence, and the job that does it, each in a transaction of its own. Safe
 * for use by any thread.
 */
public final class PresenceRequests implements ChannelPresence {

    private final PresenceTables tables;
    private final PresenceQueries queries;
    private final Requests<PresenceTransactions.Transaction> requests;
    private final PresenceTransactions transactions;

    /**
     * Makes requests.
     *
     * @param names of the tables
     * @param failures says what a failure means
     */
    public PresenceRequests(TableNames names, Failures failures) {
        this.tables = new PresenceTables(names);
        this.queries = new PresenceQueries(names);
        this.requests = new Requests<>(failures);
        this.transactions = new PresenceTransactions(requests, names);
    }

    /** Returns the job that does what is asked. */
    public Worker.Job job() {
        return new RequestWorker<>(requests, transactions::take);
    }

    @Override
    public CompletionStage<Void> change(List<PresenceChange> changes, Duration lifetime) {
        return done(
                requests.ask(
                        in -> {
                            in.tell(tables.touch(in.connection(), lifetime));
                            in.tell(tables.change(in.connection(), changes));
                            return true;
                        }));
    }

    @Override
    public CompletionStage<Set<String>> keepAlive(Map<String, Integer> clients, Duration lifetime) {
        return requests.ask(
                in -> {
                    in.tell(tables.touch(in.connection(), lifetime));
                    return tables.different(in.connection(), clients);
                });
    }

    @Override
    public CompletionStage<Void> replace(
            Map<String, ? extends Collection<PresentClient>> clients, Duration lifetime) {
        return done(
                requests.ask(
                        in -> {
                            in.tell(tables.touch(in.connection(), lifetime));
                            in.tell(tables.replace(in.connection(), clients));
                            return true;
                        }));
    }

    @Override
    public CompletionStage<List<PresentClient>> clients(String channel, int limit) {
        return requests.ask(in -> queries.clients(in.connection(), channel, limit));
    }

    @Override
    public CompletionStage<PresenceStatistics> statistics(String channel) {
        return requests.ask(in -> queries.statistics(in.connection(), channel));
    }

    private static CompletionStage<Void> done(CompletionStage<Boolean> stage) {
        return stage.thenAccept(value -> {});
    }
}
