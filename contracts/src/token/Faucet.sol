// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { IERC20 } from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import { SafeERC20 } from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import { ERC2771Context } from "@openzeppelin/contracts/metatx/ERC2771Context.sol";
import { IFaucet } from "../interfaces/IFaucet.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";

/// @notice See IFaucet.
contract Faucet is IFaucet, ERC2771Context {
    using SafeERC20 for IERC20;

    uint256 internal constant PORTION = 1_000e18;
    uint64 internal constant PAUSE = 1 hours;

    IERC20 internal immutable CREDIT;

    mapping(address recipient => uint64) internal _nextDripAt;

    constructor(Wiring memory wiring, Genesis memory) ERC2771Context(wiring.forwarder) {
        CREDIT = IERC20(wiring.credit);
    }

    /// @inheritdoc IFaucet
    function drip(address recipient) external {
        uint64 time = uint64(block.timestamp);
        uint64 next = _nextDripAt[recipient];
        require(time >= next, TooSoon(recipient, next));
        _nextDripAt[recipient] = time + PAUSE;
        emit Dripped(recipient, PORTION, time + PAUSE);
        CREDIT.safeTransfer(recipient, PORTION);
    }

    /// @inheritdoc IFaucet
    function nextDripAt(address recipient) external view returns (uint64) {
        return _nextDripAt[recipient];
    }
}
