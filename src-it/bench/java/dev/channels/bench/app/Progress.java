package dev.channels.bench.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * How many deliveries the load client has seen, in memory that it shares with the server: it tells
 * the publisher how far the fan-out has come without a message that would cost what is measured.
 */
public final class Progress {

    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;

    /** Shares the memory of a file, which is made if it is not there. */
    public Progress(Path file) {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            memory = channel.map(MapMode.READ_WRITE, 0, Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    long deliveries() {
        return (long) LONGS.getVolatile(memory, 0);
    }

    /** Tells the other process. */
    public void tell(long deliveries) {
        LONGS.setVolatile(memory, 0, deliveries);
    }
}
