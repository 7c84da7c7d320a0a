package dev.channels.bench.app;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of an event: its sequence number and the moment it was due, each as sixteen hexadecimal
 * digits, and dots up to its size. The moment is of {@link System#nanoTime}, which on Linux is one
 * clock for all processes.
 */
public final class EventText {

    /** How many characters a number takes. */
    public static final int DIGITS = 16;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.ISO_8859_1);

    private EventText() {}

    static String of(long sequence, long due, int size) {
        byte[] text = new byte[Math.max(size, 2 * DIGITS)];
        Arrays.fill(text, (byte) '.');
        write(sequence, text, 0);
        write(due, text, DIGITS);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private static void write(long number, byte[] text, int index) {
        long rest = number;
        for (int i = index + DIGITS - 1; i >= index; i--) {
            text[i] = HEX[(int) (rest & 0xf)];
            rest >>>= 4;
        }
    }

    /** Returns the value of a hexadecimal digit that {@link #of} wrote. */
    public static int digit(byte character) {
        return character <= '9' ? character - '0' : character - 'a' + 10;
    }
}
