package dev.channels.spi;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody meant who wrote something else. */
public final class Nearest {

    private Nearest() {}

    /**
     * Says which values there are, and which of them was meant.
     *
     * @param written what was written
     * @param valid what could have been written
     * @return a sentence or two
     */
    public static String remedy(String written, Collection<String> valid) {
        String all = "Use one of " + String.join(", ", valid) + ".";
        return to(written, valid).map(near -> "Did you mean '" + near + "'? " + all).orElse(all);
    }

    /**
     * Finds the nearest value.
     *
     * @param written what was written
     * @param valid what could have been written
     * @return the one that takes the fewest changes of a character, if they are few
     */
    public static Optional<String> to(String written, Collection<String> valid) {
        return valid.stream()
                .min(Comparator.comparingInt(candidate -> distance(written, candidate)))
                .filter(near -> distance(written, near) <= Math.max(2, near.length() / 3));
    }

    /** The Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
