package dev.channels.it.identity;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.credential.Credential;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Map;
import java.util.Set;

/** Knows alice, an admin, and bob, who is none; the password is the name. */
@ApplicationScoped
public class Users implements IdentityStore {

    private static final Map<String, Set<String>> GROUPS =
            Map.of("alice", Set.of("admin", "user"), "bob", Set.of("user"));

    @Override
    public CredentialValidationResult validate(Credential credential) {
        if (credential instanceof UsernamePasswordCredential given
                && GROUPS.containsKey(given.getCaller())
                && given.getPasswordAsString().equals(given.getCaller())) {
            return new CredentialValidationResult(given.getCaller(), GROUPS.get(given.getCaller()));
        }
        return CredentialValidationResult.INVALID_RESULT;
    }
}
