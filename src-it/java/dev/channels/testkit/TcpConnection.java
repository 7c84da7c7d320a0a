package dev.channels.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One end of a TCP connection on this machine, as its kernel sees it: to look at it neither sends
 * nor reads anything. Linux only.
 *
 * @param open whether the process has not closed it, nor the peer
 * @param unsent how many bytes were written to it and not acknowledged by the peer
 */
record TcpConnection(boolean open, long unsent) {

    private static final List<Path> TABLES =
            List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

    private static final String ESTABLISHED = "01";

    /** Finds the end at one port of a connection to another; empty if it is gone. */
    static Optional<TcpConnection> between(int port, int peerPort) {
        return TABLES.stream()
                .flatMap(TcpConnection::lines)
                .map(line -> line.trim().split("[\\s:]+"))
                .filter(words -> hex(words[2]) == port && hex(words[4]) == peerPort)
                .map(words -> new TcpConnection(words[5].equals(ESTABLISHED), hex(words[6])))
                .findAny();
    }

    private static Stream<String> lines(Path table) {
        try {
            return Files.readAllLines(table).stream().skip(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long hex(String word) {
        return Long.parseLong(word, 16);
    }
}
