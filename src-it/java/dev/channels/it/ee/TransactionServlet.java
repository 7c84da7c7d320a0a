package dev.channels.it.ee;

import dev.channels.ChannelsException;
import dev.channels.ChannelsPlugin;
import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.UserTransaction;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Plays what its path names in transactions; tells what was published. */
@WebServlet("/transaction/*")
public class TransactionServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Inject private transient ChannelsPlugin channels;
    @Inject private transient ChannelReader reader;
    @Inject private transient TransactionalBean bean;
    @Inject private transient TransactionalStateless stateless;
    @Inject private transient CommittingTimer timer;
    @Resource private transient UserTransaction transaction;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String play = request.getPathInfo().substring(1);
        String channel = "tx-" + play;
        try {
            response.getWriter().print(play(play, channel));
        } catch (Exception e) {
            response.getWriter().print("failed: " + e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        response.getWriter().print(reader.texts("tx-" + request.getPathInfo().substring(1)));
    }

    private String play(String play, String channel) throws Exception {
        String outcome = "";
        switch (play) {
            case "none" -> channels.publish("1", channel);
            case "servlet-commit" -> outcome = inTransaction(channel, true, false);
            case "servlet-rollback" -> outcome = inTransaction(channel, false, false);
            case "servlet-marked" -> outcome = inTransaction(channel, false, true);
            case "servlet-timeout" -> outcome = timeOut(channel);
            case "bean-commit" -> bean.publish(channel, false);
            case "bean-rollback" -> swallow(() -> bean.publish(channel, true));
            case "nested-commit" -> bean.aroundInner(channel, false);
            case "nested-rollback" -> swallow(() -> bean.aroundInner(channel, true));
            case "stateless-commit" -> stateless.publish(channel, false);
            case "stateless-rollback" -> stateless.publish(channel, true);
            case "timer" -> timer.begin(channel);
            default -> throw new IllegalArgumentException(play);
        }
        return outcome + reader.texts(channel);
    }

    private static void swallow(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            // It has rolled back.
        }
    }

    private String inTransaction(String channel, boolean commit, boolean marked) throws Exception {
        CompletableFuture<Void> sent;
        transaction.begin();
        try {
            if (marked) {
                transaction.setRollbackOnly();
            }
            sent = channels.afterCommit().waitPublished("1", channel).toCompletableFuture();
            channels.publish("2", channel);
        } finally {
            if (commit) {
                transaction.commit();
            } else {
                transaction.rollback();
            }
        }
        return outcome(sent);
    }

    /** The server ends it before, or at the latest when, the commit is asked for. */
    private String timeOut(String channel) throws Exception {
        transaction.setTransactionTimeout(1);
        try {
            transaction.begin();
            CompletableFuture<Void> sent =
                    channels.waitPublished("1", channel).toCompletableFuture();
            new CompletableFuture<Void>().completeOnTimeout(null, 3, TimeUnit.SECONDS).join();
            swallow(() -> channels.publish("2", channel));
            try {
                transaction.commit();
                return "committed ";
            } catch (Exception e) {
                return outcome(sent);
            }
        } finally {
            transaction.setTransactionTimeout(0);
        }
    }

    private static String outcome(CompletableFuture<Void> sent) {
        try {
            sent.orTimeout(20, TimeUnit.SECONDS).join();
            return "sent ";
        } catch (CompletionException e) {
            return e.getCause() instanceof ChannelsException known
                    ? known.errorCode() + " "
                    : e.getCause() + " ";
        }
    }
}
