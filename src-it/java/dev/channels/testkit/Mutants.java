package dev.channels.testkit;

import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/** Sends what programs have changed at random, many at once, and counts the answers. */
public final class Mutants {

    private static final int THREADS = 32;

    /** So many seeds are told of what a server failed at. */
    private static final int TOLD = 20;

    private static final Duration PATIENCE = Duration.ofMillis(500);

    private final long first;
    private final int count;
    private final ConcurrentSkipListSet<Long> failed = new ConcurrentSkipListSet<>();
    private final Queue<Answer> indiscreet = new ConcurrentLinkedQueue<>();

    /**
     * Makes a run.
     *
     * @param first the first seed
     * @param count how many there are
     */
    public Mutants(long first, int count) {
        this.first = first;
        this.count = count;
    }

    /** What becomes of a seed. */
    @FunctionalInterface
    public interface Mutant {
        String answer(long seed) throws IOException;
    }

    /** Sends all of them; returns how often each answer came. */
    public Map<String, Integer> send(Mutant mutant) throws Exception {
        Map<String, Integer> answers = new ConcurrentSkipListMap<>();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Callable<Integer>> calls =
                    LongStream.range(first, first + count)
                            .<Callable<Integer>>mapToObj(
                                    seed ->
                                            () -> {
                                                String answer = mutant.answer(seed);
                                                if (answer.matches("50[02]")) {
                                                    failed.add(seed);
                                                }
                                                return answers.merge(answer, 1, Integer::sum);
                                            })
                            .toList();
            for (Future<Integer> call : threads.invokeAll(calls)) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return answers;
    }

    /** Sends a request and nothing more; returns the status, or what comes instead. */
    public String answerTo(URI application, String request) throws IOException {
        try (RawClient client = RawClient.connect(application).patience(PATIENCE)) {
            return statusOf(client.send(request).halfClose());
        } catch (SocketException e) {
            return "cut off";
        }
    }

    private String statusOf(RawClient client) throws IOException {
        try {
            Answer answer = client.answer();
            int status = answer.status();
            if (!answer.isSilent()) {
                indiscreet.add(answer);
            }
            return status == 0 ? "hung up" : Integer.toString(status);
        } catch (SocketTimeoutException e) {
            return "no answer";
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return "cut off";
        }
    }

    /** Returns the seeds of the requests that the server failed at. */
    public List<Long> failed() {
        return List.copyOf(failed);
    }

    /** Returns the refusals that tell how the application is made. */
    public List<Answer> indiscreet() {
        return List.copyOf(indiscreet);
    }

    /** Sends frames behind a handshake; tells how the server takes them. */
    public String endOf(URI application, String handshake, byte[] frames) throws IOException {
        try (RawClient client = RawClient.connect(application)) {
            int status = client.send(handshake).status();
            if (status != 101) {
                return "refused with " + status;
            }
            client.patience(PATIENCE).send(frames);
            while (client.read(1).length > 0) {
                // It says why, or goes on with its events and pings.
            }
            return "closed";
        } catch (SocketTimeoutException e) {
            return "goes on";
        } catch (SocketException e) {
            return "cut off";
        }
    }

    @Override
    public String toString() {
        List<Long> told = failed.stream().limit(TOLD).toList();
        return "seeds "
                + first
                + " to "
                + (first + count - 1)
                + (told.isEmpty() ? "" : " (the server failed at " + told + ")");
    }
}
