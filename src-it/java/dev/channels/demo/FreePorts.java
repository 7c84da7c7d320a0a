package dev.channels.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. None is given twice: who has got one may not listen on it yet, or
 * not any more for a while. JVMs that test at once take from different ones ({@code fork}).
 */
public final class FreePorts {

    /** Below the ports that outgoing connections get. */
    private static final int FIRST = 20_000;

    private static final int END = 32_000;

    private static final int JVMS = 4;
    private static final int FORK = Integer.getInteger("fork", 1);
    private static final int TOGETHER = 100;
    private static final int ATTEMPTS = 20_000;

    private static final Set<Integer> GIVEN = new HashSet<>();

    private FreePorts() {}

    /** Finds one. */
    public static int any() {
        return anyWith(0);
    }

    /** Finds one that is free together with the port so far above it. */
    public static synchronized int anyWith(int distance) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END - distance);
            Set<Integer> wanted = new HashSet<>(List.of(port));
            wanted.add(port + distance);
            if (wanted.stream().allMatch(FreePorts::canBeGiven)) {
                GIVEN.addAll(wanted);
                return port;
            }
        }
        throw new IllegalStateException(
                "No port from %d to %d is left for this JVM".formatted(FIRST, END - 1));
    }

    private static boolean canBeGiven(int port) {
        boolean isOfThisJvm = port / TOGETHER % JVMS == FORK % JVMS;
        return isOfThisJvm && !GIVEN.contains(port) && isFree(port);
    }

    /** Tells whether a port is free, on all addresses and on that of this machine only. */
    public static boolean isFree(int port) {
        for (InetSocketAddress address :
                List.of(
                        new InetSocketAddress(port),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(address);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
