package dev.channels.spi;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which names a list of declared ones stands for. One that ends in an asterisk declares a family:
 * {@code order-*} stands for every name that begins with {@code order-} and goes on. All others
 * stand for themselves. Immutable.
 */
public final class DeclaredNames {

    private static final String ANY_END = "*";

    private final Set<String> whole;
    private final List<String> prefixes;

    /**
     * Makes the rule.
     *
     * @param declared the names as they are written
     */
    public DeclaredNames(Collection<String> declared) {
        this.whole =
                declared.stream()
                        .filter(name -> !isFamily(name))
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        this.prefixes =
                declared.stream()
                        .filter(DeclaredNames::isFamily)
                        .map(DeclaredNames::prefixOf)
                        .toList();
    }

    /**
     * Tells whether a declared name is that of a family.
     *
     * @param declared a name as it is written
     * @return whether it ends in an asterisk
     */
    public static boolean isFamily(String declared) {
        return declared.endsWith(ANY_END);
    }

    /**
     * Tells whether a name is declared by itself.
     *
     * @param name the name of a channel
     * @return whether it is; false for one of a family only
     */
    public boolean isWhole(String name) {
        return whole.contains(name);
    }

    /**
     * Tells whether a family is declared, or is part of one that is.
     *
     * @param family the name of the family, with its asterisk
     * @return whether each of its channels is declared, whatever its name
     */
    public boolean containsFamily(String family) {
        String prefix = prefixOf(family);
        return prefixes.stream().anyMatch(prefix::startsWith);
    }

    /**
     * Returns what the names of a family begin with.
     *
     * @param family the name of the family, with its asterisk
     * @return the name without it
     */
    public static String prefixOf(String family) {
        return family.substring(0, family.length() - ANY_END.length());
    }

    /**
     * Tells whether a name is declared, by itself or by its family; whether it is valid is not
     * looked at.
     *
     * @param name the name of a channel
     * @return whether it is
     */
    public boolean contains(String name) {
        if (whole.contains(name)) {
            return true;
        }
        for (String prefix : prefixes) {
            if (name.length() > prefix.length() && name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
