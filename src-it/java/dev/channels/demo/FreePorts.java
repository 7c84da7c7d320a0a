package dev.channels.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/** Ports that nobody listens on. None is given twice: who has got one may not listen on it yet. */
public final class FreePorts {

    /** Below the ports that outgoing connections get. */
    private static final int FIRST = 20_000;

    private static final int END = 32_000;

    private static final Set<Integer> GIVEN = ConcurrentHashMap.newKeySet();

    private FreePorts() {}

    /** Finds one. */
    public static int any() {
        return anyWith(0);
    }

    /** Finds one that is free together with the port so far above it. */
    public static int anyWith(int distance) {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(FIRST, END - distance);
        } while (!isFree(port) || !isFree(port + distance) || !GIVEN.add(port));
        return port;
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
