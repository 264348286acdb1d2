// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import { SignatureChecker } from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";

/// @notice Whether an account signed a digest. A key's signature counts for an account with code as well: an EIP-7702 account has both.
library Signatures {
    /// @return signed Whether `account` signed: by its key, or by its code (ERC-1271).
    /// @return found Whom the signature recovers to; 0 = nobody.
    /// @return highS The s of a signature that is refused for being the malleable one; 0 = it is not.
    function check(address account, bytes32 digest, bytes memory signature)
        internal
        view
        returns (bool signed, address found, bytes32 highS)
    {
        ECDSA.RecoverError flaw;
        bytes32 detail;
        (found, flaw, detail) = ECDSA.tryRecover(digest, signature);
        if (flaw == ECDSA.RecoverError.NoError && found == account) return (true, found, 0);
        if (account.code.length != 0 && SignatureChecker.isValidERC1271SignatureNow(account, digest, signature)) {
            return (true, account, 0);
        }
        if (flaw == ECDSA.RecoverError.InvalidSignatureS) highS = detail;
    }
}
