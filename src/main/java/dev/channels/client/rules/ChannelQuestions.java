package dev.channels.client.rules;

import dev.channels.ChannelsException;
import dev.channels.PresentClient;
import dev.channels.client.protocol.ClientInfo;
import dev.channels.client.protocol.ProtocolError;
import dev.channels.client.protocol.Request;
import dev.channels.client.protocol.Result;
import dev.channels.client.stream.EventForms;
import dev.channels.endpoint.Doors;
import dev.channels.endpoint.policy.Policy;
import dev.channels.spi.ChannelHistory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What clients may ask about a channel: who is there, how many, and what was published. */
public final class ChannelQuestions {

    /** More clients are counted, not listed. */
    private static final int MAX_CLIENTS = 2_000;

    /** So many bytes what is said of them may have, in one answer. */
    private static final int MAX_SIZE = 512 * 1024;

    private final Doors doors;
    private final @Nullable ChannelHistory history;
    private final EventForms forms;
    private final Consumer<? super ChannelsException> skipped;

    /** Completes after the history that was asked for last; used in turns. */
    private CompletableFuture<Boolean> lastHistory = CompletableFuture.completedFuture(true);

    /**
     * Makes the questions of one client.
     *
     * @param history that of the backend, or null if it keeps none
     * @param forms those of its encoding
     * @param skipped is told of each event of the history that its encoding cannot carry
     */
    public ChannelQuestions(
            Doors doors,
            @Nullable ChannelHistory history,
            EventForms forms,
            Consumer<? super ChannelsException> skipped) {
        this.doors = doors;
        this.history = history;
        this.forms = forms;
        this.skipped = skipped;
    }

    /** Tells whether there can be an answer. */
    boolean canAnswer(String channel, Request asked) {
        Policy policy = doors.settings().policies().of(channel);
        return asked instanceof Request.History
                ? history != null && policy.recover()
                : policy.keepsPresence();
    }

    /**
     * Answers, to be called in turns; fails with an {@link ErrorForClient} where there is no
     * answer.
     */
    CompletionStage<Result> answer(Request asked) {
        ChannelHistory kept = history;
        if (asked instanceof Request.Presence presence) {
            return doors.plugin().presence(presence.channel()).thenCompose(this::listed);
        }
        if (asked instanceof Request.PresenceStats stats) {
            return doors.plugin()
                    .presenceStatistics(stats.channel())
                    .thenApply(count -> new Result.PresenceStats(count.clients(), count.users()));
        }
        if (asked instanceof Request.History question && kept != null) {
            return inOrder(() -> HistoryQuestion.answer(kept, question, forms, skipped));
        }
        return CompletableFuture.failedFuture(new ErrorForClient(ProtocolError.NOT_AVAILABLE));
    }

    /** One at a time: each has pages of events in memory while it is read. */
    private CompletionStage<Result> inOrder(Supplier<CompletionStage<Result>> history) {
        CompletableFuture<Result> mine = lastHistory.thenCompose(done -> history.get());
        // Not the answer itself, which would be kept until the next question.
        lastHistory = mine.handle((result, failure) -> true);
        return mine;
    }

    private CompletionStage<Result> listed(List<PresentClient> there) {
        Map<String, ClientInfo> clients = new HashMap<>();
        long size = 0;
        for (PresentClient client : there) {
            ClientInfo info = EventForms.info(client);
            size += 2L * client.id().length() + client.user().length();
            size += info.connectionInfo().size() + info.channelInfo().size();
            clients.put(client.id(), info);
        }
        return there.size() > MAX_CLIENTS || size > MAX_SIZE
                ? CompletableFuture.failedFuture(new ErrorForClient(ProtocolError.LIMIT_EXCEEDED))
                : CompletableFuture.completedFuture(new Result.Presence(clients));
    }
}
